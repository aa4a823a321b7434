"""Speech on a face that camera or idle moves: the mouth is its own, to the rest it adds."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from avatard.drive.regions import masks
from avatard.spoken import MOUTH

if TYPE_CHECKING:
    from avatard.spoken import Spoken

Floats = npt.NDArray[np.float32]


@cache
def _mouth_region() -> Floats:
    """478x1: 1 on lips, chin and lower cheeks, to 0 below the eyes."""
    return masks().mouth[:, None]


def speak(rotation: Floats, units: Floats, residual: Floats, spoken: Spoken) -> None:
    """Blend `spoken` into a motion's parts, in place: 3, `len(UNITS)`, and 478x3.

    What the camera saw around the mouth beyond the units' names goes by the same share as the units themselves: at the
    whole of it closed lips are closed as speech has them, and open ones are not held by the driver's own.
    """
    share = np.float32(spoken.mouth)
    rotation += spoken.rotation
    units += np.where(MOUTH, share * (spoken.units - units), spoken.units)
    if share and residual.any():
        residual *= 1 - share * _mouth_region()
