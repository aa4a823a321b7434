"""What somebody's face is like at rest, learnt while it moves: quantiles of measures, with a memory and a prior."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

BINS: Final = 96
#: Seconds in which the reported value follows the quantile, so that it never steps: this share of all that was seen,
#: from the first number to the second. Early guesses are left quickly, later ones only for what lasts.
FOLLOW_SHARE, FOLLOW_MIN_S, FOLLOW_MAX_S = 0.5, 1.0, 60.0
#: The quantile itself is looked up once in so many observations: it moves in seconds, and costs 60 µs.
EVERY: Final = 4

Vector = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Measures:
    """K measures: what values they can take, which quantile is rest, and where rest can be for any person."""

    low: Vector
    high: Vector
    quantile: Vector
    rest_low: Vector
    rest_high: Vector


class RunningQuantile:
    """The quantile of each measure over the last `memory_s` seconds (exponential), within the bounds of any person.

    A median with a memory of minutes does not follow an expression that is held for one; the 8th percentile of the
    gap between the lips is a closed mouth for whoever closes it in one frame of twelve.
    """

    def __init__(self, measures: Measures, memory_s: float, prior_s: float) -> None:
        self._measures, self._memory_s, self._prior_s = measures, memory_s, prior_s
        self._histogram = np.zeros((len(measures.low), BINS))
        self._rows = np.arange(len(measures.low))
        self._gain = 1.0
        self._value: Vector | None = None
        self._rest = np.zeros(len(measures.low))
        self._count = 0
        self._seen_s = 0.0

    @property
    def value(self) -> Vector:
        """K values of rest. Only after the first `observe`."""
        assert self._value is not None
        return self._value

    def reset(self) -> None:
        """Forget everything: the next observation is the prior."""
        self._histogram[:] = 0
        self._gain = 1.0
        self._value = None
        self._count = 0
        self._seen_s = 0.0

    def start(self, guess: Vector) -> None:
        """Begin with a first guess of rest, which counts like `prior_s` seconds of seeing it."""
        m = self._measures
        self._value = guess.clip(m.rest_low, m.rest_high)
        # A bump rather than a spike: the quantile then slides off it instead of jumping.
        at = np.linspace(0, 1, BINS)
        centre = ((self._value - m.low) / (m.high - m.low))[:, None]
        bump = np.exp(-0.5 * ((at - centre) / 0.03) ** 2)
        self._histogram += self._prior_s * bump / bump.sum(1, keepdims=True)

    def observe(self, measured: Vector, dt_s: float) -> None:
        """Take K finite measures that held for `dt_s` seconds. Without `start`, the first are the first guess."""
        m = self._measures
        if self._value is None:
            self.start(measured)
        assert self._value is not None
        self._gain *= float(np.exp(dt_s / self._memory_s))  # newer weighs more, instead of decaying all the older
        place = ((measured - m.low) / (m.high - m.low)).clip(0, 1) * (BINS - 1)
        below = place.astype(int).clip(0, BINS - 2)
        share = place - below
        self._histogram[self._rows, below] += self._gain * dt_s * (1 - share)
        self._histogram[self._rows, below + 1] += self._gain * dt_s * share
        if self._gain > 1e6:
            self._histogram /= self._gain
            self._gain = 1.0
        if self._count % EVERY == 0:
            self._rest = self._quantiles().clip(m.rest_low, m.rest_high)
        self._count += 1
        self._seen_s += dt_s
        follow_s = min(max(FOLLOW_SHARE * self._seen_s, FOLLOW_MIN_S), FOLLOW_MAX_S)
        self._value = self._value + min(1.0, dt_s / follow_s) * (self._rest - self._value)

    def _quantiles(self) -> Vector:
        m = self._measures
        heap = self._histogram.cumsum(1)
        heap /= heap[:, -1:]
        over = (heap < m.quantile[:, None]).sum(1)
        before = np.where(over > 0, heap[self._rows, over - 1], 0.0)
        inside = (m.quantile - before) / np.maximum(heap[self._rows, over] - before, 1e-12)
        # A bin's weight lies around its centre: half a bin to each side.
        return np.asarray(m.low + (over + inside - 0.5) / (BINS - 1) * (m.high - m.low))
