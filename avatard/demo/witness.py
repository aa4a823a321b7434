"""A source that remembers, small, some of the frames it passes on: the left halves of the contact sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from avatard.capture.watched import Watched

if TYPE_CHECKING:
    from avatard.capture import Source
    from avatard.frame import Frame, Picture

#: One frame in so many: three or four a second are enough to choose twelve from.
EVERY = 8
#: Of the remembered ones, about this many rows; every n-th pixel, which costs nothing worth measuring.
_ROWS = 360


class Witness(Watched):
    """Passes on the frames of `source`, which must be the shipped performer's: no camera picture is ever kept."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.seen: dict[int, Picture] = {}

    def saw(self, frame: Frame) -> None:
        if frame.seq % EVERY == 0:
            step = max(1, frame.pixels.shape[0] // _ROWS)
            self.seen[frame.seq] = frame.pixels[::step, ::step].copy()
