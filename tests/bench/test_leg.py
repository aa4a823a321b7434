from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from rich.console import Console

from avatard.bench.budget import parse_budget
from avatard.bench.end_to_end_table import report
from avatard.bench.leg import EndToEnd, Leg, NotRun
from avatard.bench.motion_to_output import Motion
from avatard.bench.result import Reader, Setup
from avatard.timing import CAUSES, Percentiles
from tests.bench.conftest import LOAD, MACHINE

BUDGET = parse_budget(
    "tight",
    """
    [end_to_end.y4m-ring]
    p50_ms = 25.0
    p99_ms = 50.0
    repeated = 0.01
    reordered = 0.0
    """,
)
LEG = Leg(
    route="y4m-ring",
    load="",
    includes="frame due, until another process reads it",
    reader_is="",
    seconds=20.0,
    age_ms=Percentiles(600, 19.0, 24.0, 31.0, 44.0),
    clock_ms=0.0,
    seen=Reader(594, 6, 5, 0),
    motion=Motion(Percentiles(18, 47.0, 52.0, 55.0, 55.5), 18, 18),
    cpu_ms_per_frame=18.0,
    counters=dict.fromkeys(CAUSES, 0),
)


@pytest.fixture
def made() -> Callable[..., EndToEnd]:
    def make(*legs: Leg, not_run: tuple[NotRun, ...] = ()) -> EndToEnd:
        setup = Setup("performer", "", "1280x720@30", "mira")
        return EndToEnd(setup, "mesh", "cpu", MACHINE, BUDGET, legs, not_run)

    return make


def test_a_leg_alone_is_held_against_its_route_s_limits(made: Callable[..., EndToEnd]) -> None:
    verdicts = made(LEG).verdicts()
    assert [verdict.what for verdict in verdicts] == [
        "y4m-ring p50",
        "y4m-ring p99",
        "y4m-ring repeated",
        "y4m-ring out of order",
    ]
    assert all(verdict.ok for verdict in verdicts)
    assert verdicts[2].value == pytest.approx(6 / 600)


@pytest.mark.parametrize(
    "worse",
    [
        replace(LEG, age_ms=Percentiles(600, 25.1, 30.0, 40.0, 44.0)),
        replace(LEG, age_ms=Percentiles(600, 20.0, 30.0, 50.1, 60.0)),
        replace(LEG, seen=Reader(590, 7, 5, 0)),
        replace(LEG, seen=Reader(600, 0, 0, 1)),
    ],
)
def test_each_limit_can_be_broken(made: Callable[..., EndToEnd], worse: Leg) -> None:
    result = made(worse)
    assert [verdict.ok for verdict in result.verdicts()].count(False) == 1
    assert result.as_json()["passed"] is False


def test_beside_a_load_and_on_other_routes_nothing_is_judged(made: Callable[..., EndToEnd]) -> None:
    late = Percentiles(600, 90.0, 95.0, 99.0, 120.0)
    beside, browser = replace(LEG, load="call", age_ms=late), replace(LEG, route="chromium", age_ms=late)
    assert not made(beside, browser).verdicts()


def test_the_json_is_plain_and_has_the_contract_s_keys(made: Callable[..., EndToEnd]) -> None:
    result = made(LEG, replace(LEG, load="call", beside=LOAD), not_run=(NotRun("pipewire", "no session"),))
    told = json.loads(json.dumps(result.as_json()))
    assert (told["schema"], told["kind"], told["passed"]) == (1, "end-to-end", True)
    first, second = told["legs"]
    assert first["age_ms"]["p99"] == 31.0
    assert first["fps"] == pytest.approx(594 / 20)
    assert first["repeated"] == pytest.approx(0.01)
    assert first["motion"]["lag_ms"]["p50"] == 47.0
    assert second["beside"]["fps"] == LOAD.fps
    assert told["not_run"] == [{"route": "pipewire", "why": "no session"}]
    assert told["hardware"] is None


def test_the_report_fits_a_narrow_terminal_and_says_what_was_not_run(made: Callable[..., EndToEnd]) -> None:
    result = made(
        LEG,
        replace(LEG, route="v4l2loopback", load="call", beside=LOAD, age_ms=Percentiles(9, 1e2, 2e2, 3e2, 4e2)),
        not_run=(NotRun("pipewire", "no PipeWire session here"),),
    )
    console = Console(width=80, file=io.StringIO())
    with console.capture() as shown:
        console.print(report(result))
    text = shown.get()
    assert "…" not in text
    assert "v4l2loopback" in text
    assert "not run: pipewire: no PipeWire session here" in text
    assert "frame due, until another process reads it" in text
