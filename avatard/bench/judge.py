"""Hold a result against its budget."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from avatard.bench.budget import Limits, StageLimits
from avatard.bench.result import Result, Verdict

#: what, measured, limit, unit, whether the limit is the least
_Row: TypeAlias = tuple[str, "float | None", "float | None", str, bool]


def judge(result: Result) -> list[Verdict]:
    """One verdict for each limit that the budget names and the run measured: the whole first, then by stage."""
    rows = [*_whole(result), *_stages(result), *_relative(result)]
    return [
        Verdict(what, value, limit, unit, least)
        for what, value, limit, unit, least in rows
        if value is not None and limit is not None
    ]


def _whole(result: Result) -> Iterator[_Row]:
    limits = result.budget.limits(result.setup.load)
    yield "age p50", result.age_ms.p50, limits.p50_ms, "ms", False
    yield "age p95", result.age_ms.p95, limits.p95_ms, "ms", False
    yield _late("age", limits, result)
    yield "core-ms a frame", result.cpu_ms_per_frame, limits.core_ms, "ms", False
    yield "resident memory", result.memory.max, limits.rss_mb, "MB", False
    yield "frames a second", result.fps, limits.fps, "fps", True
    yield "frames dropped", result.dropped, limits.dropped, "", False
    yield "first avatar picture", result.start.total if result.start else None, limits.start_ms, "ms", False


def _stages(result: Result) -> Iterator[_Row]:
    for name, limits in result.budget.stages.items():
        # Beside a load a stage's wall time is the load's too: the age and CPU time are what counts then.
        if not result.setup.load:
            yield _late(name, limits, result)
        yield f"{name} core-ms", result.core_ms.get(name), limits.core_ms, "ms", False


def _relative(result: Result) -> Iterator[_Row]:
    if result.plain:
        yield "core-ms over plain path", result.plain.core_ratio, result.budget.plain.core_ratio, "x", False
    if result.soak:
        yield "memory growth", result.soak.growth_mb, result.budget.soak.growth_mb, "MB", False
        yield "age drift", result.soak.age_drift_ms, result.budget.soak.age_drift_ms, "ms", False


def _late(name: str, limits: Limits | StageLimits, result: Result) -> _Row:
    """The share of samples above the deadline against the share that the budget allows."""
    if limits.deadline_ms is None:
        return name, None, None, "", False
    return f"{name} over {limits.deadline_ms:g} ms", result.over_deadline.get(name), limits.over, "", False
