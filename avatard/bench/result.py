"""What a bench found, in the words and the shape of its JSON (schema 1).

Scripts read this: a key is never renamed or given another meaning without a new schema number. Additions are fine.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from avatard.bench.budget import Budget
from avatard.bench.machine import Machine
from avatard.timing import Percentiles

SCHEMA = 1


def engine_and_provider(drawn_by: str) -> tuple[str, str]:
    """The two that an engine's name holds: "meshnet (openvino)" is ("meshnet", "openvino"); "mesh" runs on "cpu"."""
    engine, _, provider = drawn_by.partition(" (")
    return engine, provider.rstrip(")") or "cpu"


@dataclass(frozen=True, slots=True)
class Setup:
    """What was run. `format` as "1280x720@30"; `load` names what ran beside it, "" for nothing."""

    source: str
    sink: str
    format: str
    avatar: str
    load: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """What an independent process saw at the sink, by the barcode in the pictures.

    pictures: different ones seen. repeats: periods of the rate in which nothing new came. dropped: frames of the
    source never shown, between the first and the last that were. reordered: pictures older than one seen before.
    """

    pictures: int
    repeats: int
    dropped: int
    reordered: int


@dataclass(frozen=True, slots=True)
class Plain:
    """The path without face work (capture, seal, null), half before and half after: what the machine itself costs.

    core_ratio, age_ratio: the whole line's CPU time a frame and median age over these.
    before_core_ms, after_core_ms: far apart means that the machine was not quiet.
    """

    frames: int
    age_ms: Percentiles
    cpu_ms_per_frame: float
    before_core_ms: float
    after_core_ms: float
    core_ratio: float
    age_ratio: float


@dataclass(frozen=True, slots=True)
class Start:
    """Milliseconds from the start of a fresh `avatard up` to its first avatar picture at a reader of the sink.

    sink: until the sink is open: interpreter, imports, settings, portrait. picture: from there to the picture:
    camera, tracker and engine, opened side by side.
    """

    sink: float
    picture: float

    @property
    def total(self) -> float:
        """Both."""
        return self.sink + self.picture


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident memory of the process, MB of 10^6 bytes."""

    start: float
    end: float
    max: float


@dataclass(frozen=True, slots=True)
class Load:
    """What ran beside: it must have kept its own rate, else it was no load."""

    fps: float
    core_ms: float


@dataclass(frozen=True, slots=True)
class Soak:
    """Change over the soak without its first fifth, fitted by least squares.

    growth_mb: of the memory that no file backs. minutes: [minute, own_mb, age_p50_ms] by the minute, medians.
    """

    growth_mb: float
    age_drift_ms: float
    minutes: list[tuple[float, float, float]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One limit of the budget, judged. `least`: the value must be at least the limit, else at most."""

    what: str
    value: float
    limit: float
    unit: str
    least: bool = False

    @property
    def ok(self) -> bool:
        """Whether the limit holds."""
        return self.value >= self.limit if self.least else self.value <= self.limit


@dataclass(frozen=True, slots=True)
class Result:
    """One run of the bench.

    age_ms: captured → readable at the sink; `age_at` says where it was taken ("reader" or "write").
    stages_ms: wall time by stage. core_ms: CPU time by stage, from a pass of the same work in one thread.
    over_deadline: share of samples above the budget's deadline, by stage and "age".
    age_series_ms: every age in order, for the plots; not part of the JSON.
    """

    setup: Setup
    engine: str
    provider: str
    machine: Machine
    seconds: float
    frames: int
    fps: float
    age_at: str
    age_ms: Percentiles
    stages_ms: dict[str, Percentiles]
    core_ms: dict[str, float]
    over_deadline: dict[str, float]
    cpu_ms_per_frame: float
    memory: Memory
    counters: dict[str, int]
    budget: Budget
    plain: Plain | None = None
    start: Start | None = None
    reader: Reader | None = None
    load: Load | None = None
    soak: Soak | None = None
    age_series_ms: list[float] = field(default_factory=list, compare=False, repr=False)

    @property
    def dropped(self) -> float:
        """Share of captured frames that no reader of the sink could see, 0..1."""
        lost = self.counters["dropped_waiting"] + self.counters["dropped_done"]
        return lost / max(1, self.counters["captured"])

    def as_json(self, verdicts: list[Verdict]) -> dict[str, Any]:
        """The contract of the command line, as plain values."""
        return {
            "schema": SCHEMA,
            "profile": self.budget.profile,
            "engine": self.engine,
            "provider": self.provider,
            "machine": asdict(self.machine),
            "setup": asdict(self.setup),
            "seconds": self.seconds,
            "frames": self.frames,
            "fps": self.fps,
            "age_at": self.age_at,
            "age_ms": _distribution(self.age_ms),
            "stages_ms": {name: _distribution(p) for name, p in self.stages_ms.items()},
            "core_ms": self.core_ms,
            "over_deadline": self.over_deadline,
            "cpu_ms_per_frame": self.cpu_ms_per_frame,
            "rss_mb": self.memory.max,
            "memory_mb": asdict(self.memory),
            "start_ms": self.start.total if self.start else None,
            "start_split_ms": asdict(self.start) if self.start else None,
            "dropped": self.dropped,
            "counters": self.counters,
            "reader": asdict(self.reader) if self.reader else None,
            "plain": asdict(self.plain) if self.plain else None,
            "load": asdict(self.load) if self.load else None,
            "soak": asdict(self.soak) if self.soak else None,
            "budget": asdict(self.budget),
            "verdicts": [{**asdict(verdict), "ok": verdict.ok} for verdict in verdicts],
            "passed": all(verdict.ok for verdict in verdicts),
        }


def _distribution(p: Percentiles) -> dict[str, float]:
    return {"n": p.n, "p50": p.p50, "p95": p.p95, "p99": p.p99, "max": p.max}


def write_json(result: dict[str, Any], path: Path) -> None:
    """Write a result for people to diff: indented, microseconds at the finest, one line at the end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(_rounded(result), indent=1) + "\n", encoding="utf-8")


def _rounded(value: Any) -> Any:
    match value:
        case float():
            return round(value, 4)
        case dict():
            return {key: _rounded(item) for key, item in value.items()}
        case list() | tuple():
            return [_rounded(item) for item in value]
    return value
