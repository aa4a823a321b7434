from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from avatard.bench.budget import Budget
from avatard.bench.judge import judge
from avatard.bench.result import Memory, Result, Setup, Soak, Start
from avatard.timing import Percentiles

Change = Callable[..., Result]


def broken(result: Result) -> list[str]:
    return [verdict.what for verdict in judge(result) if not verdict.ok]


def test_a_run_within_its_budget_breaks_nothing(result: Result) -> None:
    assert broken(result) == []
    assert len(judge(result)) == 10


def test_limits_are_inclusive(changed: Change) -> None:
    assert broken(changed(age_ms=Percentiles(1, 18.0, 18.0, 18.0, 18.0), cpu_ms_per_frame=22.0, fps=29.5)) == []


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"age_ms": Percentiles(600, 18.1, 22.0, 31.0, 44.0)}, "age p50"),
        ({"over_deadline": {"seal": 0.0, "age": 0.011}}, "age over 40 ms"),
        ({"over_deadline": {"seal": 0.02, "age": 0.0}}, "seal over 3 ms"),
        ({"cpu_ms_per_frame": 22.1}, "core-ms a frame"),
        ({"core_ms": {"seal": 1.3}}, "seal core-ms"),
        ({"memory": Memory(300.0, 300.0, 401.0)}, "resident memory"),
        ({"fps": 29.4}, "frames a second"),
        ({"start": Start(2000.0, 501.0)}, "first avatar picture"),
        ({"soak": Soak(4.1, 0.0, [])}, "memory growth"),
    ],
)
def test_each_limit_breaks_alone(changed: Change, fields: dict[str, object], what: str) -> None:
    assert broken(changed(**fields)) == [what]


def test_frames_lost_before_and_after_the_engine_count_alike(result: Result) -> None:
    lost = {**result.counters, "dropped_waiting": 2, "dropped_done": 2}
    assert broken(replace(result, counters=lost)) == ["frames dropped"]


def test_what_was_not_measured_is_not_judged(changed: Change) -> None:
    bare = changed(start=None, plain=None, core_ms={}, over_deadline={})
    assert {verdict.what for verdict in judge(bare)} == {
        "age p50",
        "core-ms a frame",
        "resident memory",
        "frames a second",
        "frames dropped",
    }


def test_beside_a_call_only_the_calls_limits_and_cpu_time_are_judged(result: Result, budget: Budget) -> None:
    loaded = replace(
        result,
        setup=Setup("performer", "null", "1280x720@30", "mira", load="call"),
        age_ms=Percentiles(600, 60.0, 70.0, 79.0, 90.0),
        over_deadline={"seal": 0.5},
        fps=27.9,
    )
    assert broken(loaded) == ["frames a second"]
    assert "seal core-ms" in {verdict.what for verdict in judge(loaded)}
