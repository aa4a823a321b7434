from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from avatard.bench.budget import Budget, parse_budget
from avatard.bench.machine import Machine
from avatard.bench.result import Load, Memory, Plain, Reader, Result, Setup, Soak, Start
from avatard.timing import CAUSES, STAGES, Percentiles

MACHINE = Machine(
    cpu="AMD EPYC",
    cores=2,
    memory_mb=24000,
    system="Linux",
    kernel="6.1",
    python="3.11.7",
    versions={"avatard": "0.1.0"},
    load_average=(0.1, 0.2, 0.3),
)


@pytest.fixture
def budget() -> Budget:
    return parse_budget(
        "tight",
        """
        [whole]
        deadline_ms = 40.0
        over = 0.01
        p50_ms = 18.0
        core_ms = 22.0
        rss_mb = 400.0
        fps = 29.5
        dropped = 0.005
        start_ms = 2500.0
        [stages.seal]
        deadline_ms = 3.0
        over = 0.01
        core_ms = 1.2
        [load.call]
        fps = 28.0
        [plain]
        core_ratio = 10.0
        [soak]
        growth_mb = 4.0
        """,
    )


@pytest.fixture
def result(budget: Budget) -> Result:
    """A run in which everything is within `budget`."""
    stage = Percentiles(600, 1.0, 2.0, 2.5, 2.9)
    return Result(
        setup=Setup("performer", "y4m-ring:/tmp/x", "1280x720@30", "mira"),
        engine="mesh",
        provider="cpu",
        machine=MACHINE,
        seconds=20.0,
        frames=600,
        fps=30.0,
        age_at="reader",
        age_ms=Percentiles(600, 14.0, 22.0, 31.0, 44.0),
        stages_ms=dict.fromkeys(STAGES, stage),
        core_ms=dict.fromkeys(STAGES, 1.1),
        over_deadline={"seal": 0.0, "age": 0.002},
        cpu_ms_per_frame=19.0,
        memory=Memory(300.0, 301.0, 302.0),
        counters={**dict.fromkeys(CAUSES, 0), "captured": 600, "delivered": 600},
        budget=budget,
        plain=Plain(120, stage, 3.0, 2.9, 3.1, 6.3, 14.0),
        start=Start(1200.0, 900.0),
        reader=Reader(600, 1, 0, 0),
        load=None,
        soak=None,
        age_series_ms=[14.0, 15.0, 44.0],
    )


@pytest.fixture
def changed(result: Result) -> Callable[..., Result]:
    """The same run with some fields of another value."""

    def change(**fields: Any) -> Result:
        return replace(result, **fields)

    return change


SOAK = Soak(growth_mb=9.0, age_drift_ms=0.1, minutes=[(0.0, 300.0, 14.0)])
LOAD = Load(fps=30.0, core_ms=8.0)
