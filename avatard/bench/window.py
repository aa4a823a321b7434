"""Everything a running pipeline does between two instants."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import psutil

from avatard.timing import NS_PER_S, Counters, Percentiles, StageTimer


@dataclass(frozen=True, slots=True)
class Moment:
    """One poll of a window.

    at_s: seconds since it opened. rss_mb: resident memory. own_mb: that of it which no file backs: mapped libraries
    come and go with what else the machine does, a leak is here. age_p50_ms: median since the last poll, nan for none.
    """

    at_s: float
    rss_mb: float
    own_mb: float
    age_p50_ms: float


class Window:
    """Collects from the timers' rings before they wrap, so a soak of hours is measured whole.

    `poll` at least every 100 s (a ring holds 8192 samples, 273 s at 30 a second); one thread opens, polls and reads.
    """

    def __init__(self, timers: Mapping[str, StageTimer], counters: Counters) -> None:
        self._timers = timers
        self._counters = counters
        self._process = psutil.Process()
        self._seen = {name: timer.count for name, timer in timers.items()}
        self._chunks: dict[str, list[npt.NDArray[np.int64]]] = {name: [] for name in timers}
        self._counts_before = self._counts_after = counters.as_dict()
        self._cpu_before_s = time.process_time()
        self.start_ns = self.end_ns = time.monotonic_ns()
        self.cpu_s = 0.0
        self.moments: list[Moment] = [Moment(0.0, *self._memory_mb(), float("nan"))]

    def poll(self) -> Moment:
        """Take what came since the last poll; the window ends here unless it is polled again."""
        self.end_ns = time.monotonic_ns()
        self.cpu_s = time.process_time() - self._cpu_before_s
        self._counts_after = self._counters.as_dict()
        for name, timer in self._timers.items():
            self._seen[name], new = _newer(timer, self._seen[name])
            self._chunks[name].append(new)
        ages = self._chunks["age"][-1]
        age_p50_ms = float(np.median(ages)) / 1e6 if ages.size else float("nan")
        moment = Moment((self.end_ns - self.start_ns) / NS_PER_S, *self._memory_mb(), age_p50_ms)
        self.moments.append(moment)
        return moment

    @property
    def seconds(self) -> float:
        """From the opening to the last poll."""
        return (self.end_ns - self.start_ns) / NS_PER_S

    def samples_ns(self, name: str) -> npt.NDArray[np.int64]:
        """Every duration of the timer `name` in the window, in order."""
        return np.concatenate([np.zeros(0, np.int64), *self._chunks[name]])

    def percentiles(self, name: str) -> Percentiles:
        """Their distribution."""
        return Percentiles.of_ns(self.samples_ns(name))

    def over(self, name: str, deadline_ms: float) -> float:
        """The share of them above `deadline_ms`, 0..1."""
        samples = self.samples_ns(name)
        return float((samples > deadline_ms * 1e6).mean()) if samples.size else 0.0

    def counts(self) -> dict[str, int]:
        """What each counter gained until the last poll: not what stopping the pipeline adds."""
        return {cause: n - self._counts_before.get(cause, 0) for cause, n in self._counts_after.items()}

    def _memory_mb(self) -> tuple[float, float]:
        """Resident, and of that our own; where the system does not tell them apart, all is our own."""
        info = self._process.memory_info()
        return info.rss / 1e6, (info.rss - getattr(info, "shared", 0)) / 1e6


def _newer(timer: StageTimer, seen: int) -> tuple[int, npt.NDArray[np.int64]]:
    """The samples after the first `seen`, and how many there are now. Read again if one was added in between."""
    while True:
        count = timer.count
        samples = timer.samples_ns()
        if timer.count == count:
            new = min(count - seen, len(samples))
            # A copy: a view would keep its whole ring alive, 50 MB a minute of polling.
            return count, samples[len(samples) - new :].copy()
