"""A source that remembers what its frames' times are the times of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from avatard.capture.watched import Watched

if TYPE_CHECKING:
    from avatard.capture import Source
    from avatard.frame import Frame, Stamp


class Stamped(Watched):
    """Passes on the frames of `source`. stamp: of the newest; None before the first."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.stamp: Stamp | None = None

    def saw(self, frame: Frame) -> None:
        self.stamp = frame.stamp
