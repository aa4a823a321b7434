"""The JSON is a contract with scripts: schema 1."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from avatard.bench.judge import judge
from avatard.bench.result import Result, engine_and_provider, write_json
from avatard.timing import CAUSES, STAGES

CONTRACT = {
    "schema", "profile", "engine", "provider", "machine", "seconds", "frames", "fps", "age_ms", "stages_ms",
    "over_deadline", "cpu_ms_per_frame", "rss_mb", "start_ms", "counters", "budget", "passed",
}  # fmt: skip


def written(result: Result, path: Path) -> dict[str, object]:
    write_json(result.as_json(judge(result)), path)
    loaded: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def test_every_key_of_the_contract_is_there_with_its_kind(result: Result, tmp_path: Path) -> None:
    data = written(result, tmp_path / "deep" / "r.json")
    assert set(data) >= CONTRACT
    assert data["schema"] == 1
    assert data["profile"] == "tight"
    assert data["passed"] is True
    for name in ("seconds", "frames", "fps", "cpu_ms_per_frame", "rss_mb", "start_ms"):
        assert isinstance(data[name], int | float), name


def test_distributions_have_all_percentiles_never_a_lone_mean(result: Result, tmp_path: Path) -> None:
    data = written(result, tmp_path / "r.json")
    age, stages = data["age_ms"], data["stages_ms"]
    assert isinstance(age, dict)
    assert isinstance(stages, dict)
    assert set(age) == {"n", "p50", "p95", "p99", "max"}
    assert list(stages) == list(STAGES)
    assert all(set(stage) == set(age) for stage in stages.values())


def test_every_cause_is_counted_also_when_nothing_happened(result: Result, tmp_path: Path) -> None:
    counters = written(result, tmp_path / "r.json")["counters"]
    assert isinstance(counters, dict)
    assert set(counters) >= set(CAUSES)


def test_the_budget_it_was_held_against_travels_with_it(result: Result, tmp_path: Path) -> None:
    data = written(result, tmp_path / "r.json")
    assert isinstance(data["budget"], dict)
    assert data["budget"]["whole"]["deadline_ms"] == 40.0
    assert isinstance(data["verdicts"], list)
    assert all(verdict["ok"] for verdict in data["verdicts"])


def test_the_plots_raw_series_stays_out(result: Result, tmp_path: Path) -> None:
    assert "age_series_ms" not in written(result, tmp_path / "r.json")


@pytest.mark.parametrize(
    ("drawn_by", "told"),
    [("meshnet (openvino)", ("meshnet", "openvino")), ("mesh", ("mesh", "cpu")), ("", ("", "cpu"))],
)
def test_an_engine_s_name_tells_what_it_runs_on(drawn_by: str, told: tuple[str, str]) -> None:
    assert engine_and_provider(drawn_by) == told
