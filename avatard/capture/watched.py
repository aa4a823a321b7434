"""A source that somebody looks at: passes on all that another one gives."""

from __future__ import annotations

import abc
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.capture import Source
    from avatard.frame import Frame


class Watched(abc.ABC):
    """Opens, reads and closes `source`; `saw` is told of each frame."""

    def __init__(self, source: Source) -> None:
        self._source = source

    @property
    def description(self) -> str:
        return self._source.description

    @property
    def fps(self) -> float:
        return self._source.fps

    def __enter__(self) -> Self:
        self._source.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        self._source.__exit__(kind, e, tb)

    def read(self, timeout_s: float) -> Frame | None:
        frame = self._source.read(timeout_s)
        if frame is not None:
            self.saw(frame)
        return frame

    @abc.abstractmethod
    def saw(self, frame: Frame) -> None:
        """A frame goes by, on the capture thread."""
