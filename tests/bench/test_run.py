"""The real line, measured through the command that users type."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from avatard.cli.group import cli

IMPOSSIBLE = "[whole]\nfps = 1000.0\ncore_ms = 10000.0\n"


def test_a_short_bench_measures_at_the_reader_and_exits_with_3_on_a_broken_budget(tmp_path: Path) -> None:
    budget = tmp_path / "impossible.toml"
    budget.write_text(IMPOSSIBLE, encoding="utf-8")
    options = ["--source", "performer", "--sink", f"y4m-ring:{tmp_path / 'ring.y4m'}", "--engine", "still"]
    options += ["--profile", str(budget), "--seconds", "1", "--no-start", "--size", "640x360"]
    options += ["--json", str(tmp_path / "r.json"), "--html", str(tmp_path / "r.html")]
    done = CliRunner().invoke(cli, ["bench", *options], catch_exceptions=False)
    assert done.exit_code == 3, done.output
    assert "1 of 2 limits of budget impossible broken" in done.output
    assert (tmp_path / "r.html").read_text(encoding="utf-8").count("<svg") == 2
    result = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert result["passed"] is False
    assert result["engine"] == "still"
    assert result["age_at"] == "reader"
    assert result["reader"]["pictures"] == result["frames"] > 0
    assert result["age_ms"]["p50"] > 0
    assert result["stages_ms"]["track"]["n"] > 0
    assert set(result["core_ms"]) == set(result["stages_ms"])
    assert result["plain"]["frames"] > 0
    assert result["setup"] == {
        "source": "performer",
        "sink": "y4m-ring",
        "format": "640x360@30",
        "avatar": result["setup"]["avatar"],
        "load": "",
    }


def test_an_unknown_profile_is_refused_before_anything_runs() -> None:
    done = CliRunner().invoke(cli, ["bench", "--profile", "mainframe"])
    assert done.exit_code == 10
    assert "mainframe" in done.output


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--route", "pipewire"], "--route is for --end-to-end"),
        (["--end-to-end", "--soak", "1"], "--soak is not for --end-to-end"),
        (["--end-to-end", "--no-start"], "--start/--no-start is not for --end-to-end"),
        (["--submit-file", "x.json", "--html", "x.html"], "--html is not for --end-to-end"),
    ],
)
def test_an_option_that_would_change_nothing_is_refused(options: list[str], said: str) -> None:
    done = CliRunner().invoke(cli, ["bench", *options])
    assert done.exit_code == 2
    assert said in done.output
