from __future__ import annotations

from pathlib import Path

import pytest

from avatard.bench.budget import Limits, default_profile, load_budget, parse_budget, profiles
from avatard.errors import ConfigError
from avatard.timing import STAGES


def test_each_shipped_profile_loads_and_says_what_it_is_for() -> None:
    assert set(profiles()) == {"ci", "cpu-2core", "cpu-2core-mesh", "gpu", "laptop", "laptop-mesh"}
    for name in profiles():
        budget = load_budget(name)
        assert budget.profile == name
        assert budget.description


@pytest.mark.parametrize("name", ["cpu-2core", "cpu-2core-mesh", "gpu", "laptop", "laptop-mesh"])
def test_a_machine_profile_names_a_deadline_and_cpu_time_for_every_stage_and_the_whole(name: str) -> None:
    budget = load_budget(name)
    assert list(budget.stages) == list(STAGES)
    assert all(limits.deadline_ms and limits.core_ms for limits in budget.stages.values())
    assert budget.whole.deadline_ms
    assert budget.whole.rss_mb
    assert budget.limits("call").deadline_ms


def test_the_two_core_profile_is_what_was_promised() -> None:
    whole = load_budget("cpu-2core-mesh").whole
    assert whole == Limits(
        deadline_ms=40.0,
        over=0.01,
        p50_ms=18.0,
        p95_ms=27.0,
        core_ms=22.0,
        rss_mb=400.0,
        fps=29.5,
        dropped=0.005,
        start_ms=2500.0,
    )


def test_the_build_gate_judges_no_waiting_time() -> None:
    budget = load_budget("ci")
    assert not budget.deadlines_ms()
    assert budget.whole.core_ms
    assert budget.plain.core_ratio


def test_the_network_has_its_own_limits_on_two_cores() -> None:
    whole = load_budget("cpu-2core").whole
    assert (whole.p50_ms, whole.deadline_ms, whole.over, whole.core_ms, whole.fps) == (28.0, 45.0, 0.01, 42.0, 29.5)


def test_the_sum_of_the_stages_fits_the_whole() -> None:
    budget = load_budget("cpu-2core-mesh")
    assert budget.whole.core_ms is not None
    assert sum(limits.core_ms or 0 for limits in budget.stages.values()) <= budget.whole.core_ms


def test_deadlines_are_by_timer_name_and_the_whole_is_the_age() -> None:
    budget = parse_budget("x", "[whole]\ndeadline_ms = 40\n[stages.seal]\ndeadline_ms = 3\n[stages.drive]\ncore_ms = 1")
    assert budget.deadlines_ms() == {"seal": 3.0, "age": 40.0}


def test_beside_a_load_its_own_limits_hold() -> None:
    budget = parse_budget("x", "[whole]\ndeadline_ms = 40\nrss_mb = 400\n[load.call]\ndeadline_ms = 80")
    assert budget.limits("call") == Limits(deadline_ms=80.0)
    assert budget.limits("game") == Limits()
    assert budget.deadlines_ms("call") == {"age": 80.0}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[whole]\ndead_line_ms = 40", "dead_line_ms"),
        ("[stages.rotate]\ndeadline_ms = 40", "rotate"),
        ("[whole]\ndeadline_ms = 'soon'", "deadline_ms"),
        ("[whole\n", "budget x"),
    ],
)
def test_a_budget_that_cannot_be_is_refused_by_name(text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        parse_budget("x", text)


def test_an_unknown_profile_names_those_there_are() -> None:
    with pytest.raises(ConfigError) as e:
        load_budget("mainframe")
    assert "cpu-2core" in e.value.hint


def test_a_profile_can_be_the_users_own_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[whole]\nfps = 60\n", encoding="utf-8")
    assert load_budget(str(path)).whole.fps == 60.0


@pytest.mark.parametrize("engine", ["meshnet", "mesh", "still"])
def test_the_default_profile_is_a_shipped_one(engine: str) -> None:
    assert default_profile(engine) in profiles()
    assert default_profile(engine).endswith("-mesh") == (engine != "meshnet")
