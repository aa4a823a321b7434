"""When each sample of a device passes, though the device tells the time of its blocks only roughly."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from avatard.timing import NS_PER_S
from avatard.utterance import RATE

PERIOD_NS: Final = NS_PER_S / RATE
#: A block that is off by this much is no jitter: samples were lost, or the device was opened again.
LEAP_NS: Final = 80_000_000
#: Nor are many blocks in a row that are all off by this much, to the same side.
_OFF_NS: Final = 15_000_000
_OFF_S: Final = 0.2
#: The phase is the plain mean of what was told for so long, at the nominal rate; from then on it is a loop.
_MEAN_S: Final = 2.0
#: Of the loop, in Hz: jitter of 5 ms leaves 0.3 ms, and a drift of 200 ppm costs 0.3 ms until it is learnt.
_BANDWIDTH: Final = 0.05
#: Real clocks are within 0.02 %; what says more is a fault of the times told.
_WIDEST: Final = 0.001


class ClockLine(NamedTuple):
    """A straight line through time: sample `number` passes at `at_ns` (monotonic), the next `period_ns` later."""

    number: int
    at_ns: float
    period_ns: float

    def time_ns(self, index: float) -> float:
        """When sample `index` passes."""
        return self.at_ns + (index - self.number) * self.period_ns

    def sample(self, time_ns: float) -> float:
        """Which sample passes at `time_ns`."""
        return self.number + (time_ns - self.at_ns) / self.period_ns


class SampleClock:
    """A delay-locked loop of second order over the times of a device's blocks (F. Adriaensen, "Using a DLL to filter
    time", Linux Audio Conference 2005). One thread ticks; `line` may be read by any."""

    def __init__(self) -> None:
        self.line: ClockLine | None = None  #: None before the first block
        self._heard = 0  # samples since the line was last set anew
        self._off = 0  # samples in a row that were off to one side
        self._off_sum = 0.0  # and by how much: ns, each block times its samples

    def error_ns(self, index: int, time_ns: int) -> float:
        """How much later than expected a block came whose first sample is `index`; 0 for the first of all."""
        return time_ns - self.line.time_ns(index) if self.line is not None else 0.0

    def tick(self, index: int, samples: int, time_ns: int) -> ClockLine:
        """A block of `samples`, whose first is `index`, begins to pass at `time_ns`. What is known from it on."""
        error = self.error_ns(index, time_ns)
        if self.line is None or abs(error) > LEAP_NS:
            return self._start(index, samples, time_ns, PERIOD_NS if self.line is None else self.line.period_ns)
        if self._is_off(error, samples):
            expected = self.line.time_ns(index) + self._off_sum / self._off
            return self._start(index, samples, expected, self.line.period_ns)
        self._heard += samples
        if self._heard <= _MEAN_S * RATE:
            phase, bend = samples / self._heard, 0.0
        else:
            turn = 2 * math.pi * _BANDWIDTH * samples / RATE
            phase, bend = math.sqrt(2) * turn, turn * turn
            error = min(max(error, -_OFF_NS), _OFF_NS)
        period = self.line.period_ns + bend * error / samples
        period = min(max(period, PERIOD_NS * (1 - _WIDEST)), PERIOD_NS * (1 + _WIDEST))
        self.line = ClockLine(index, self.line.time_ns(index) + phase * error, period)
        return self.line

    def _start(self, index: int, samples: int, time_ns: float, period_ns: float) -> ClockLine:
        self._heard, self._off, self._off_sum = samples, 0, 0.0
        self.line = ClockLine(index, time_ns, period_ns)
        return self.line

    def _is_off(self, error: float, samples: int) -> bool:
        """Whether it has been off to the same side for so long that it is no jitter."""
        if abs(error) < _OFF_NS or ((error > 0) != (self._off_sum > 0)):
            self._off, self._off_sum = 0, 0.0
        if abs(error) >= _OFF_NS:
            self._off += samples
            self._off_sum += error * samples
        return self._off >= _OFF_S * RATE
