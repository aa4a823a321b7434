from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from avatard.bench.in_step import flashes, own_devices
from avatard.bench.in_step.flashes import Offset
from avatard.cli.group import cli
from avatard.control.server import Server

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no Unix sockets")


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What a running avatard was asked; it says that a flash takes a tenth of a second."""
    commands: list[str] = []

    def answer(command: str, args: Mapping[str, object]) -> Mapping[str, object]:
        commands.append(command)
        status = {"sinks": ["null"], "audio": {"microphone": {"offset_ms": 10.0}}}
        return {"seconds": 0.1} if command == "calibrate" else status

    monkeypatch.setenv("AVATARD_SOCKET", str(tmp_path / "avatard.sock"))
    with Server(tmp_path / "avatard.sock", answer):
        yield commands


def measured(monkeypatch: pytest.MonkeyPatch, late_ms: float) -> None:
    monkeypatch.setattr(flashes, "measure", lambda path: Offset(late_ms, 4.0, 8))


def test_it_has_the_running_avatard_flash(asked: list[str]) -> None:
    result = CliRunner().invoke(cli, ["calibrate"])
    assert result.exit_code == 0, result.output
    assert asked == ["calibrate"]
    assert "avatard calibrate --clip FILE --set" in result.output


def test_a_recording_tells_what_to_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    measured(monkeypatch, -63.0)
    (tmp_path / "film.mp4").touch()
    (tmp_path / "config.toml").write_text("[audio]\noffset_ms = 10.0\n")
    words = ["calibrate", "--clip", str(tmp_path / "film.mp4"), "--config", str(tmp_path / "config.toml")]
    result = CliRunner().invoke(cli, words)
    assert result.exit_code == 0, result.output
    assert "63 ms earlier" in result.output
    assert "avatard config set audio.offset_ms 93" in result.output
    assert "offset_ms = 10.0" in (tmp_path / "config.toml").read_text()
    result = CliRunner().invoke(cli, [*words, "--set"])
    assert "was 10, and is 93" in result.output
    assert "right if avatard ran with audio.offset_ms 10 when that was recorded" in result.output
    assert "offset_ms = 93.0" in (tmp_path / "config.toml").read_text()


def test_here_what_is_measured_twice_is_corrected_once(
    asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that runs has the offset of its start, not the one that was set since."""
    monkeypatch.setattr(own_devices, "measure", lambda sinks, flash: Offset(-63.0, 4.0, 8))
    config = tmp_path / "config.toml"
    for _ in range(2):
        result = CliRunner().invoke(cli, ["calibrate", "--here", "--set", "--config", str(config)])
        assert result.exit_code == 0, result.output
        assert "was 10, and is 93" in result.output
        assert "offset_ms = 93.0" in config.read_text()


@pytest.mark.parametrize(("late_ms", "best"), [(-900.0, 300), (900.0, -200)])
def test_as_far_as_it_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, late_ms: float, best: int) -> None:
    measured(monkeypatch, late_ms)
    (tmp_path / "film.mp4").touch()
    result = CliRunner().invoke(cli, ["calibrate", "--clip", str(tmp_path / "film.mp4")])
    assert f"audio.offset_ms {best}" in result.output
    assert "as far as it goes" in result.output


@pytest.mark.parametrize("words", [["--set"], ["--here", "--clip", __file__]])
def test_what_makes_no_sense_is_refused(words: list[str]) -> None:
    assert CliRunner().invoke(cli, ["calibrate", *words]).exit_code == 2


def test_sinks_that_cannot_be_watched_here_are_told(asked: list[str]) -> None:
    result = CliRunner().invoke(cli, ["calibrate", "--here"])
    assert result.exit_code == 17
    assert "cannot be watched here" in result.output
    assert asked == ["status"]
