"""The invisible mark: a faint fixed pattern in the luma plane, 1.5 grey levels RMS (44.6 dB), 0.9 on flat ground.

Blocks of 8 pixels survive what calls do (H.264 and VP8 at 200 kbit/s, half size, crops), where finer patterns and
frequency-domain marks (dwtDct: gone after H.264, 392 ms a frame) do not. Not proof against removal.
"""

from __future__ import annotations

from copy import copy

import cv2
import numpy as np
import numpy.typing as npt

from avatard.seal.chips import SIDE, Chips
from avatard.seal.payload import Payload
from avatard.sealed import I420

#: RMS of the pattern before it is rounded to whole grey levels; after that it is 1.5. At half of it single pictures of
#: real people are not found after H.264.
LEVELS = 1.35
#: The same for flat ground: 0.9 after rounding. There 1.5 can be seen, and is not needed: nothing hides the mark from
#: the detector either (a studio backdrop at 200 kbit/s: z 20 with 1.5, 21 with 0.9).
FAINT_LEVELS = 1.0
#: Mean deviation from the surroundings, in grey levels, below which ground is flat.
FLAT = 1.0
CHIP = 8.0  #: pixels at `LINES` lines
LINES = 720
_FINE = 8  #: samples across a chip in the tile that every size is drawn from


def chip_pixels(width: int, height: int) -> float:
    """Chips grow with the shorter side, as calls scale all sizes to the same few; below 480 lines they would be too
    fine to survive."""
    return CHIP * max(480, min(width, height)) / LINES


class Mark:
    """One payload's pattern at one size: two planes, for what is added and what is taken away. Immutable.

    Making one takes about 10 ms at 720p; embedding 0.07 ms.
    """

    def __init__(self, chips: Chips, payload: Payload, width: int, height: int, levels: float = LEVELS) -> None:
        self.payload = payload
        pattern = np.rint(_pattern(chips.tile(payload), width, height, levels)).astype(np.int8)
        self._up = np.maximum(pattern, 0).astype(np.uint8)
        self._down = np.maximum(-pattern, 0).astype(np.uint8)

    def strengthened(self, stronger: Mark, where: npt.NDArray[np.uint8]) -> Mark:
        """This mark, but `stronger`'s pattern `where` (HxW) is not 0."""
        both = copy(self)
        both._up, both._down = self._up.copy(), self._down.copy()
        cv2.copyTo(stronger._up, where, both._up)
        cv2.copyTo(stronger._down, where, both._down)
        return both

    def embed(self, luma: I420) -> None:
        """Add the pattern in place. luma: HxW."""
        cv2.add(luma, self._up, dst=luma)
        cv2.subtract(luma, self._down, dst=luma)


class FittedMark:
    """The mark at full strength where a picture is busy and faint where it is flat. One thread embeds and fits."""

    def __init__(self, chips: Chips, payload: Payload, width: int, height: int) -> None:
        self.payload = payload
        self._full = Mark(chips, payload, width, height)
        self.faint = Mark(chips, payload, width, height, FAINT_LEVELS)
        self._fitted = self.faint

    def fit(self, luma: I420) -> None:
        """Look where `luma`, HxW, is flat: for this picture and those like it. 1.5 ms at 720p."""
        height, width = luma.shape
        small = cv2.resize(luma, (max(1, width // 4), max(1, height // 4)), interpolation=cv2.INTER_AREA)
        ground = small.astype(np.float32)
        activity = cv2.blur(cv2.absdiff(ground, cv2.GaussianBlur(ground, (0, 0), 2.0)), (9, 9))
        busy = cv2.resize((activity > FLAT).astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST)
        self._fitted = self.faint.strengthened(self._full, np.asarray(busy, np.uint8))

    def embed(self, luma: I420) -> None:
        """Add the pattern in place. luma: HxW."""
        self._fitted.embed(luma)


def smoothed(tile: npt.NDArray[np.float32], fine: int) -> npt.NDArray[np.float32]:
    """The tile at `fine` samples a chip, its edges softened (a fifth of a chip) so that scaling keeps it."""
    big = np.kron(tile, np.ones((fine, fine), np.float32))
    margin = fine
    around = np.pad(big, margin, mode="wrap")
    soft = cv2.GaussianBlur(around, (0, 0), 0.22 * fine)
    return np.asarray(soft[margin:-margin, margin:-margin], np.float32)


def _pattern(tile: npt.NDArray[np.float32], width: int, height: int, levels: float) -> npt.NDArray[np.float32]:
    """Grey levels for each pixel, HxW."""
    fine = smoothed(tile, _FINE)
    step = _FINE / chip_pixels(width, height)  # tile samples per pixel
    across = ((np.arange(width, dtype=np.float32) + 0.5) * step - 0.5) % (SIDE * _FINE)
    down = ((np.arange(height, dtype=np.float32) + 0.5) * step - 0.5) % (SIDE * _FINE)
    x, y = np.meshgrid(across, down)
    pattern = cv2.remap(fine, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
    return np.asarray(pattern * (levels / np.sqrt(np.mean(fine**2))), np.float32)
