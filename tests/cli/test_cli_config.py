from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from avatard.cli.group import cli


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config.toml"
    monkeypatch.setenv("AVATARD_CONFIG", str(path))
    return path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["config", *arguments])


def test_init_then_set_then_show(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("init").output.strip() == str(file)
    assert run("set", "output.fps", "25").exit_code == 0
    monkeypatch.setenv("AVATARD_DRIVE_MIRROR", "true")
    lines = {line.split()[0]: line for line in run("show").output.splitlines()}
    assert "25.0" in lines["output.fps"]
    assert lines["output.fps"].endswith(str(file))
    assert lines["drive.mirror"].endswith("AVATARD_DRIVE_MIRROR")
    assert lines["reenact.engine"].endswith("default")


def test_show_for_programs(file: Path) -> None:
    file.write_text('[output]\nsinks = ["null"]\n')
    shown = json.loads(run("show", "--json").output)
    assert shown["output.sinks"] == {"value": ["null"], "from": str(file)}


def test_path_and_schema(file: Path) -> None:
    assert run("path").output.strip() == str(file)
    assert json.loads(run("schema").output)["properties"]["output"]["properties"]["fps"]["maximum"] == 120


def test_what_cannot_be_set_is_not(file: Path) -> None:
    done = run("set", "output.fsp", "25")
    assert done.exit_code == 10
    assert "output.fps" in done.stderr
    assert not file.exists()
