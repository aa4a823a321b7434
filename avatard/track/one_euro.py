"""The One-Euro filter: strong smoothing at rest, little lag in motion.

Source: Casiez, Roussel, Vogel, "1 € Filter: a simple speed-based low-pass filter for noisy input", CHI 2012.

Speeds are in eye distances a second, so that a face far away is smoothed as one near by.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Values: TypeAlias = npt.NDArray[np.floating[Any]]


class OneEuro:
    """Filters an array of any fixed shape, element by element.

    cutoff: Hz at rest; beta: Hz more per unit of speed; speed_cutoff: Hz, smoothing of the speed itself. Each is a
    number or an array that broadcasts to the values.
    """

    def __init__(self, cutoff: Values | float, beta: Values | float, speed_cutoff: Values | float) -> None:
        self._cutoff, self._beta, self._speed_cutoff = cutoff, beta, speed_cutoff
        self._value: Values | None = None
        self._speed: Values | float = 0.0

    def reset(self) -> None:
        """Forget the past: the next value passes as it is."""
        self._value = None
        self._speed = 0.0

    def __call__(self, value: Values, dt_s: float) -> Values:
        """`value` smoothed, `dt_s` > 0 seconds after the last one."""
        if self._value is None:
            self._value = value
            return value
        change = (value - self._value) / dt_s
        self._speed = self._speed + _share(self._speed_cutoff, dt_s) * (change - self._speed)
        share = _share(self._cutoff + self._beta * np.abs(self._speed), dt_s)
        self._value = self._value + share * (value - self._value)
        return self._value


def _share(cutoff: Values | float, dt_s: float) -> Values | float:
    """Weight of the newest value in a first-order low-pass of `cutoff` Hz."""
    turn = 2 * np.pi * cutoff * dt_s
    return turn / (turn + 1)
