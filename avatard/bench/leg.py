"""What an end-to-end bench found, in the words and the shape of its JSON (schema 1): a leg for each route and load.

Scripts read this, and strangers' submissions have it: keys are added, never renamed, without a new schema number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from avatard.bench.result import Verdict

if TYPE_CHECKING:
    from avatard.bench.budget import Budget
    from avatard.bench.machine import Machine
    from avatard.bench.motion_to_output import Motion
    from avatard.bench.result import Load, Reader, Setup
    from avatard.timing import Percentiles

SCHEMA: Final = 1
KIND: Final = "end-to-end"


@dataclass(frozen=True, slots=True)
class Leg:
    """One route, alone or beside a load.

    includes: what the age holds, in words. reader_is: what the reader said of itself; "" for our own programs.
    age_ms: frame's stamp → first in the reader's hands. clock_ms: what it can be wrong by for two clocks' sake.
    motion: None where there was nothing to see, or no cued performer to see it of.
    cpu_ms_per_frame: CPU time of the line alone; the reader's is not in it.
    """

    route: str
    load: str
    includes: str
    reader_is: str
    seconds: float
    age_ms: Percentiles
    clock_ms: float
    seen: Reader
    motion: Motion | None
    cpu_ms_per_frame: float
    counters: dict[str, int]
    beside: Load | None = None

    @property
    def fps(self) -> float:
        """Different pictures a second, as the reader saw them."""
        return self.seen.pictures / self.seconds if self.seconds else 0.0

    @property
    def repeated(self) -> float:
        """Share of the reader's periods in which nothing new came, 0..1."""
        return self.seen.repeats / max(1, self.seen.repeats + self.seen.pictures)

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**asdict(self), "fps": self.fps, "repeated": self.repeated}


@dataclass(frozen=True, slots=True)
class NotRun:
    """A route that this machine lacks something for, or that failed; why, as one line."""

    route: str
    why: str


@dataclass(frozen=True, slots=True)
class EndToEnd:
    """All legs of a run. `setup.sink` is "" here: each leg has its own. hardware: of a submission, else None."""

    setup: Setup
    engine: str
    provider: str
    machine: Machine
    budget: Budget
    legs: tuple[Leg, ...]
    not_run: tuple[NotRun, ...]
    hardware: dict[str, Any] | None = None

    def verdicts(self) -> list[Verdict]:
        """One for each limit that the budget has for a route, run alone."""
        return [
            verdict
            for leg in self.legs
            if not leg.load and leg.route in self.budget.end_to_end
            for verdict in _judged(leg, self.budget)
        ]

    def as_json(self) -> dict[str, Any]:
        """The contract of the command line, as plain values."""
        verdicts = self.verdicts()
        return {
            "schema": SCHEMA,
            "kind": KIND,
            "profile": self.budget.profile,
            "engine": self.engine,
            "provider": self.provider,
            "machine": asdict(self.machine),
            "hardware": self.hardware,
            "setup": asdict(self.setup),
            "legs": [leg.as_json() for leg in self.legs],
            "not_run": [asdict(route) for route in self.not_run],
            "verdicts": [{**asdict(verdict), "ok": verdict.ok} for verdict in verdicts],
            "passed": all(verdict.ok for verdict in verdicts),
        }


def _judged(leg: Leg, budget: Budget) -> Iterator[Verdict]:
    limits = budget.end_to_end[leg.route]
    for what, value, limit, unit in (
        ("p50", leg.age_ms.p50, limits.p50_ms, "ms"),
        ("p99", leg.age_ms.p99, limits.p99_ms, "ms"),
        ("repeated", leg.repeated, limits.repeated, ""),
        ("out of order", float(leg.seen.reordered), limits.reordered, "pictures"),
    ):
        if limit is not None:
            yield Verdict(f"{leg.route} {what}", value, limit, unit)
