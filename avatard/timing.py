"""Clocks, stage timers and counters: what `status` and `bench` read."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

#: The stages of the line, in order: folders, config tables, log channels and rows of the latency table.
STAGES = ("capture", "track", "drive", "reenact", "seal", "output")

NS_PER_S = 1_000_000_000
#: Samples that count as the present: two seconds of pictures, as a machine's load changes over seconds.
TYPICAL = 60


@dataclass(frozen=True, slots=True)
class Percentiles:
    """A distribution in milliseconds. `n` samples; all zero when n is 0."""

    n: int
    p50: float
    p95: float
    p99: float
    max: float

    @classmethod
    def of_ns(cls, samples_ns: npt.NDArray[np.int64]) -> Percentiles:
        """Percentiles of durations in nanoseconds."""
        if not samples_ns.size:
            return cls(0, 0.0, 0.0, 0.0, 0.0)
        p50, p95, p99 = np.percentile(samples_ns, (50, 95, 99)) / 1e6
        return cls(int(samples_ns.size), float(p50), float(p95), float(p99), float(samples_ns.max() / 1e6))


class StageTimer:
    """A fixed ring of durations. One thread adds, any thread reads; a torn read costs one sample of accuracy.

    `deadline_ms` 0 means no deadline; `over` counts samples above it since the start, not only those in the ring.
    """

    def __init__(self, capacity: int = 8192, deadline_ms: float = 0.0) -> None:
        self._ring = np.zeros(capacity, np.int64)
        self._deadline_ns = int(deadline_ms * 1e6)
        self.count = 0
        self.over = 0

    def add(self, duration_ns: int) -> None:
        """Record one duration in nanoseconds."""
        self._ring[self.count % len(self._ring)] = duration_ns
        self.count += 1
        if self._deadline_ns and duration_ns > self._deadline_ns:
            self.over += 1

    @contextmanager
    def measure(self) -> Iterator[None]:
        """Time the body on the monotonic clock; a body that raises is not recorded."""
        started = time.monotonic_ns()
        yield
        self.add(time.monotonic_ns() - started)

    def samples_ns(self) -> npt.NDArray[np.int64]:
        """A copy of the newest samples, oldest first."""
        newest = min(self.count, len(self._ring))
        return np.take(self._ring, np.arange(self.count - newest, self.count), mode="wrap")

    def typical_ns(self) -> float:
        """The median of the last `TYPICAL` samples; 0 before any."""
        newest = self.samples_ns()[-TYPICAL:]
        return float(np.median(newest)) if newest.size else 0.0

    def percentiles(self) -> Percentiles:
        """The distribution of the newest samples."""
        return Percentiles.of_ns(self.samples_ns())


#: One counter per cause: `Counters` starts each at 0, so that a report shows that nothing happened too.
CAUSES = (
    "captured",
    "dropped_waiting",
    "dropped_rate",
    "no_face",
    "rendered",
    "engine_errors",
    "engine_fallbacks",
    "stepped_down",
    "stepped_up",
    "rendered_light",
    "source_errors",
    "sink_errors",
    "dropped_done",
    "dropped_busy",
    "delivered",
    "repeated",
    "standby",
    "woken",
    "suspended",
    "badge_failures",
)


class Counters:
    """Named event counts. Each name is written by one thread only; any thread may read."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter(dict.fromkeys(CAUSES, 0))

    def add(self, cause: str, n: int = 1) -> None:
        """Count `n` events of a cause named in `CAUSES`."""
        assert cause in self._counts, cause
        self._counts[cause] += n

    def __getitem__(self, cause: str) -> int:
        return self._counts[cause]

    def as_dict(self) -> dict[str, int]:
        """A snapshot, in the order of `CAUSES`."""
        return dict(self._counts)


class Pacer:
    """Deadlines at a fixed rate that never drift: late means skipping whole periods, not a burst to catch up."""

    def __init__(self, fps: float, start_ns: int | None = None) -> None:
        self._period_ns = NS_PER_S / fps
        self._start_ns = time.monotonic_ns() if start_ns is None else start_ns
        self._index = 0

    def next_ns(self, now_ns: int) -> int:
        """The next deadline, in monotonic nanoseconds: the following period, or the first not yet past."""
        earliest = (now_ns - self._start_ns) / self._period_ns
        self._index = max(self._index + 1, int(np.ceil(earliest)))
        return self._start_ns + round(self._index * self._period_ns)

    def wait(self) -> int:
        """Sleep to the next deadline and return it, in monotonic nanoseconds."""
        due = self.next_ns(time.monotonic_ns())
        while (left := due - time.monotonic_ns()) > 0:
            time.sleep(left / NS_PER_S)
        return due
