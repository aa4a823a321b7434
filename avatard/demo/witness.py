"""A source that remembers, small, some of the frames it passes on: the left halves of the contact sheet."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.capture import Source
    from avatard.frame import Frame, Picture

#: One frame in so many: three or four a second are enough to choose twelve from.
EVERY = 8
#: Of the remembered ones, about this many rows; every n-th pixel, which costs nothing worth measuring.
_ROWS = 360


class Witness:
    """Passes on the frames of `source`, which must be the shipped performer's: no camera picture is ever kept."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.seen: dict[int, Picture] = {}

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
        if frame is not None and frame.seq % EVERY == 0:
            step = max(1, frame.pixels.shape[0] // _ROWS)
            self.seen[frame.seq] = frame.pixels[::step, ::step].copy()
        return frame
