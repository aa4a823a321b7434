"""Limits that ease: movement slows down towards its limit and never snaps."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]


def soft_limit(x: Values, limit: Values | float, knee: float = 0.6) -> Values:
    """`x` unchanged up to `knee` of `limit`, then approaching `limit` as a hyperbolic tangent; slope 1 at the knee."""
    start = np.multiply(limit, knee)
    room = limit - start
    excess = np.maximum(np.abs(x) - start, 0)
    return np.asarray(np.sign(x) * (np.minimum(np.abs(x), start) + room * np.tanh(excess / room)))
