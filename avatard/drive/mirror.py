"""The same movement, seen in a mirror."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from avatard.canonical import mirror
from avatard.motion import UNITS

FLIP: Final = np.array([-1.0, 1.0, 1.0], np.float32)
ROTATION: Final = np.array([-1.0, 1.0, -1.0], np.float32)


def other_side(unit: str) -> str:
    """The name of the same unit on the other side; units of both sides are their own."""
    if "Left" in unit:
        return unit.replace("Left", "Right")
    return unit.replace("Right", "Left")


@cache
def _units() -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float32]]:
    order = np.array([UNITS.index(other_side(name)) for name in UNITS])
    signs = np.array([-1.0 if name in ("gazeLeftX", "gazeRightX") else 1.0 for name in UNITS], np.float32)
    return order, signs


def mirrored(
    rotation: npt.NDArray[np.float32],
    translation: npt.NDArray[np.float32],
    units: npt.NDArray[np.float32],
    residual: npt.NDArray[np.float32],
) -> tuple[npt.NDArray[np.float32], ...]:
    """Left for right in each part of a `Motion`."""
    order, signs = _units()
    return rotation * ROTATION, translation * FLIP, units[order] * signs, residual[mirror()] * FLIP
