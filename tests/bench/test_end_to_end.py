"""The real line and real readers, through the command that users type. What is asserted is that it was seen, in order,
and that the mouth's movement was found; never how fast."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from avatard.bench import submission
from avatard.cli.group import cli
from tests.e2e.devtools import needs_chromium
from tests.output.private_pipewire import PrivatePipeWire, needs_pipewire

ATTEMPTS = 3
EASY = "[end_to_end.y4m-ring]\nreordered = 0.0\n"


def bench(folder: Path, *options: str) -> dict[str, Any]:
    budget = folder / "easy.toml"
    budget.write_text(EASY, encoding="utf-8")
    command = ["bench", "--end-to-end", "--profile", str(budget), "--size", "640x360", "--engine", "mesh", *options]
    done = CliRunner().invoke(cli, [*command, "--json", str(folder / "r.json")], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads((folder / "r.json").read_text(encoding="utf-8"))
    return found


def leg_of(result: dict[str, Any]) -> dict[str, Any]:
    assert len(result["legs"]) == 1, result["not_run"]
    leg: dict[str, Any] = result["legs"][0]
    return leg


def leg_with_motion(folder: Path, *options: str) -> dict[str, Any]:
    """A leg whose reader saw the mouth open: at the latest the third, as whatever else runs here takes its share."""
    for _ in range(ATTEMPTS):
        leg = leg_of(bench(folder, *options))
        assert leg["seen"]["reordered"] == 0
        if leg["motion"] and leg["motion"]["found"]:
            return leg
    pytest.fail(f"the mouth's movement was not seen: {leg}")


def test_a_ring_s_reader_sees_the_pictures_in_order_and_the_mouth_open(tmp_path: Path) -> None:
    leg = leg_with_motion(tmp_path, "--sink", f"y4m-ring:{tmp_path / 'ring.y4m'}", "--seconds", "3")
    assert leg["includes"].startswith("frame due, decoded")
    assert leg["seen"]["pictures"] > 1
    assert 0 < leg["age_ms"]["p50"] <= leg["age_ms"]["max"]
    assert leg["motion"]["lag_ms"]["p50"] > 0


@pytest.mark.browser
@needs_chromium
def test_a_page_in_chromium_sees_them_too(tmp_path: Path) -> None:
    leg = leg_with_motion(tmp_path, "--route", "chromium", "--seconds", "5")
    assert leg["reader_is"]
    assert leg["clock_ms"] > 0


@pytest.mark.slow
@needs_pipewire
def test_a_node_s_reader_sees_them_too(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    with PrivatePipeWire(tmp_path_factory.mktemp("pw")) as session:
        for name in ("XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"):
            monkeypatch.setenv(name, session.environment[name])
        leg_with_motion(tmp_path, "--route", "pipewire", "--seconds", "3")


@pytest.mark.slow
def test_a_mouth_that_the_engine_does_not_move_is_not_found(tmp_path: Path) -> None:
    leg = leg_of(bench(tmp_path, "--route", "y4m-ring", "--engine", "still", "--seconds", "3"))
    assert leg["seen"]["pictures"] > 1
    assert leg["motion"] is None


def test_what_a_machine_lacks_is_told_and_not_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("PIPEWIRE_RUNTIME_DIR", raising=False)
    result = bench(tmp_path, "--route", "pipewire", "--seconds", "1")
    assert result["legs"] == []
    assert result["not_run"] == [{"route": "pipewire", "why": "no PipeWire session here"}]


def test_a_sink_that_nobody_reads_is_refused_with_those_that_are() -> None:
    done = CliRunner().invoke(cli, ["bench", "--end-to-end", "--sink", "null"])
    assert done.exit_code == 10
    assert "y4m-ring, pipewire, virtualcam" in done.output


def test_a_submission_says_what_it_was_measured_on(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    ring = f"y4m-ring:{tmp_path / 'ring.y4m'}"
    command = ["bench", "--submit-file", str(file), "--seconds", "1", "--size", "640x360", "--sink", ring]
    CliRunner().invoke(cli, [*command, "--engine", "still"], catch_exceptions=False)
    told = json.loads(file.read_text(encoding="utf-8"))
    assert (told["kind"], told["engine"], told["setup"]["source"]) == ("end-to-end", "still", "performer")
    assert told["hardware"]["distribution"]
    assert told["machine"]["kernel"]
    text = file.read_text(encoding="utf-8")
    assert str(tmp_path) not in text
    for name in submission.names():
        assert not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text), name
