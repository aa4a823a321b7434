"""Ways from 0 to 1 that start and end at rest."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def ease(x: float) -> float:
    """0 below 0, 1 above 1, with a continuous slope between."""
    x = min(max(x, 0.0), 1.0)
    return x * x * (3 - 2 * x)


def smoothstep(x: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """`ease` of each."""
    t = np.minimum(np.maximum(x, 0.0), 1.0)
    return np.asarray(t * t * (3 - 2 * t))
