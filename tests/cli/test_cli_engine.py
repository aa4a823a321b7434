"""`avatard engine` on networks with random weights."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from avatard import paths
from avatard.cli.group import cli
from avatard.errors import EngineError
from avatard.runtime import parity, providers
from avatard.runtime.parity import Parity
from avatard.runtime.providers import ORDER, Availability
from tests.runtime.network import make_engine


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two engines, one of them damaged; an empty cache of plans; no settings."""
    engines = tmp_path / "engines"
    make_engine(engines / "meshnet")
    make_engine(engines / "worn")
    (engines / "worn" / "1" / "model.onnx").write_bytes(b"")
    monkeypatch.setattr(paths, "plans", lambda: tmp_path / "plans")
    monkeypatch.setenv("AVATARD_CONFIG", str(tmp_path / "config.toml"))
    (tmp_path / "config.toml").touch()
    return engines


def run(folder: Path, command: str, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["engine", command, "--folder", str(folder), *arguments])


def test_list_for_people(folder: Path) -> None:
    done = run(folder, "list")
    assert done.exit_code == 0
    assert done.stdout.startswith("meshnet ")
    assert "opset 17, Apache-2.0" in done.stdout
    assert "cpu            ONNX Runtime" in done.stdout
    assert "! worn: " in done.stderr
    assert all(f" {name} " in done.stdout for name in ORDER)


def test_list_for_programs(folder: Path) -> None:
    listed = json.loads(run(folder, "list", "--json").stdout)
    assert [engine["name"] for engine in listed["engines"]] == ["meshnet"]
    assert listed["engines"][0]["inputs"][0] == {"name": "mouth", "shape": [1, 9, 96, 128], "dtype": "float32"}
    assert [engine["name"] for engine in listed["damaged"]] == ["worn"]
    assert [provider["provider"] for provider in listed["providers"]] == list(ORDER)
    assert listed["setting"] == "auto"
    loading = [provider["provider"] for provider in listed["providers"] if not provider["why_not"]]
    assert listed["runs"] == loading[0]


def test_list_shows_the_setting(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVATARD_REENACT_PROVIDER", "cpu")
    assert "* cpu " in run(folder, "list").stdout


def test_list_marks_no_provider_that_does_not_load(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def look(name: str) -> Availability:
        return Availability(name, why_not="there is no NVIDIA driver", fix="Install it.")

    monkeypatch.setattr(providers, "look", look)
    monkeypatch.setenv("AVATARD_REENACT_PROVIDER", "tensorrt")
    assert "*" not in run(folder, "list").stdout
    listed = json.loads(run(folder, "list", "--json").stdout)
    assert (listed["setting"], listed["runs"]) == ("tensorrt", "")


def test_verify_a_right_one(folder: Path) -> None:
    done = run(folder, "verify", "meshnet", "--provider", "cpu")
    assert done.exit_code == 0
    assert "meshnet on cpu: ok, greatest difference mouth_out 0 of 0.02" in done.stdout


def test_verify_for_programs(folder: Path) -> None:
    found = json.loads(run(folder, "verify", "meshnet", "--json").stdout)
    row = found["parity"][-1]
    assert (row["engine"], row["provider"], row["ok"], row["frozen"]) == ("meshnet", "cpu", True, [])
    assert row["difference"] == {"mouth_out": 0.0, "eyes_out": 0.0}


def test_verify_finds_a_damaged_one(folder: Path) -> None:
    done = run(folder, "verify")
    assert done.exit_code == EngineError.exit_code
    assert "is not the file of engine.toml" in done.stderr


def test_verify_of_another_result_fails(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    off = Parity("cpu", {"mouth_out": 0.5, "eyes_out": 0.0}, excess=("mouth_out",), frozen=("eyes_out",))
    monkeypatch.setattr(parity, "compare", lambda model, provider, cache: off)
    done = run(folder, "verify", "meshnet", "--provider", "cpu")
    assert done.exit_code == EngineError.exit_code
    assert "WRONG, greatest difference mouth_out 0.5 of 0.02, eyes_out 0 of 0.02, eyes_out never changes" in done.stdout
    assert "other results than the CPU's: meshnet on cpu" in done.stderr
    assert "config set reenact.provider cpu" in done.stderr


def test_verify_without_engines(tmp_path: Path) -> None:
    done = run(tmp_path, "verify")
    assert done.exit_code == EngineError.exit_code
    assert "no engine to verify" in done.stderr


def test_build_ahead_of_time(folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("tensorrt_rtx_bindings")
    done = run(folder, "build", "--provider", "tensorrt-rtx")
    assert done.exit_code == 0
    (plan,) = (tmp_path / "plans").iterdir()
    assert done.stdout == f"tensorrt-rtx: {plan}\n"


def test_build_of_what_there_is(folder: Path) -> None:
    pytest.importorskip("tensorrt_rtx_bindings")
    done = run(folder, "build")
    assert done.exit_code == 0
    assert "tensorrt-rtx: " in done.stdout


def test_build_says_why_not(folder: Path, tmp_path: Path) -> None:
    done = run(folder, "build", "--provider", "cpu")
    assert done.exit_code == EngineError.exit_code
    assert "cpu needs no plans" in done.stderr
    (tmp_path / "plans").touch()
    done = run(folder, "build")
    assert done.exit_code == EngineError.exit_code
    assert "no plan of meshnet was built" in done.stderr


def test_bench(folder: Path, tmp_path: Path) -> None:
    done = run(folder, "bench", "--runs", "5", "--fps", "0", "--provider", "cpu", "--json", str(tmp_path / "b.json"))
    assert done.exit_code == 0
    assert "core-ms" in done.stdout
    written = json.loads((tmp_path / "b.json").read_text())
    assert written["costs"][0]["wall_ms"]["n"] == 5


@pytest.mark.parametrize("command", ["build", "bench", "verify"])
def test_an_engine_that_is_not_there(folder: Path, command: str) -> None:
    done = run(folder, command, "meshnot")
    assert done.exit_code == EngineError.exit_code
    assert "no engine is called 'meshnot'" in done.stderr
