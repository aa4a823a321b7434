"""A square that flashes in the middle of the picture: the picture's half of a metronome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from avatard.seal.overlay import BLACK, NEUTRAL, WHITE
from avatard.seal.planes import Planes
from avatard.timing import NS_PER_S

if TYPE_CHECKING:
    from avatard.metronome import Metronome
    from avatard.sealed import I420, VideoFormat

#: Its side, as a share of the picture's shorter one: to be found in a film of a screen, too.
_SIDE: Final = 0.4


class Flash:
    """Draws it, dark between the beats. One thread. Badge and mark go on top and below as they do over any picture."""

    def __init__(self, format: VideoFormat) -> None:  # noqa: A002
        width, height = format.width, format.height
        self._half = max(1, round(_SIDE * min(width, height) / 2))
        # Beats fall between pictures: shown by the nearest, not by the next, they are as often early as late.
        self._nearest_ns = round(NS_PER_S / format.fps / 2)
        self._x, self._y = width // 4 - self._half // 2, height // 4 - self._half // 2

    def draw(self, i420: I420, metronome: Metronome, captured_ns: int) -> None:
        """Into a picture that was taken at `captured_ns` (monotonic), while the metronome goes."""
        if not metronome.goes(captured_ns):
            return
        planes = Planes.of(i420)
        x, y, half = self._x, self._y, self._half
        luma = WHITE if metronome.lit(captured_ns + self._nearest_ns) else BLACK
        planes.luma[2 * y : 2 * (y + half), 2 * x : 2 * (x + half)] = luma
        for chroma in (planes.blue, planes.red):
            chroma[y : y + half, x : x + half] = NEUTRAL
