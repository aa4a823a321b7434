"""The invisible mark: a faint fixed pattern in the luma plane, 1.5 grey levels RMS (44.6 dB).

Blocks of 8 pixels survive what calls do (H.264 and VP8 at 200 kbit/s, half size, crops), where finer patterns and
frequency-domain marks (dwtDct: gone after H.264, 392 ms a frame) do not. Not proof against removal.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from avatard.seal.chips import SIDE, Chips
from avatard.seal.payload import Payload
from avatard.sealed import I420

#: RMS of the pattern before it is rounded to whole grey levels; after that it is 1.5.
LEVELS = 1.35
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

    def embed(self, luma: I420) -> None:
        """Add the pattern in place. luma: HxW."""
        cv2.add(luma, self._up, dst=luma)
        cv2.subtract(luma, self._down, dst=luma)


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
