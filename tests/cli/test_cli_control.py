"""`status`, `pause` and the others, against a real control server."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

from avatard.cli.group import cli
from avatard.control.server import Server

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no Unix sockets")

STATUS: dict[str, object] = {
    "version": "0.1.0",
    "pid": 4711,
    "uptime_s": 3725.4,
    "state": "live",
    "source": "camera 0: 1280x720 MJPG at 30 fps",
    "avatar": "mira",
    "engine": "mesh",
    "network": "none",
    "mouth": "drawn",
    "sinks": ["/dev/video10 [v4l2loopback]", "file me.mp4"],
    "awake": "on-demand",
    "readers": 1,
    "fps": 30.0,
    "age_ms": {"p50": 12.34, "p95": 15.0, "p99": 19.9, "max": 44.0},
    "stages_ms": {"track": {"p50": 5.0, "p95": 6.0, "p99": 7.0, "max": 8.0}},
    "over_deadline": {"track": 3, "age": 1},
    "speech": {"mode": "live", "state": "speaking", "voice": "en-us", "waiting": 2, "saying": None, "errors": 0},
    "audio": {
        "call": {"device": "avatard microphone", "missing": "", "xruns": 2, "lost": 0},
        "monitor": {"device": "", "missing": "no headphones", "xruns": 0, "lost": 1},
        "microphone": {"device": "Yeti", "missing": "", "xruns": 0, "lost": 0, "delay_ms": 38.2},
    },
    "counters": {"captured": 100, "dropped_waiting": 2, "no_face": 0},
}


class Daemon:
    """What a running avatard answers, and what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.status = dict(STATUS)

    def __call__(self, command: str, args: Mapping[str, object]) -> Mapping[str, object]:
        self.asked.append(command)
        return self.status if command == "status" else {}


@pytest.fixture
def daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Daemon]:
    path = tmp_path / "avatard.sock"
    monkeypatch.setenv("AVATARD_SOCKET", str(path))
    daemon = Daemon()
    with Server(path, daemon):
        yield daemon


def test_status_is_a_table_for_people(daemon: Daemon) -> None:
    done = CliRunner().invoke(cli, ["status"])
    assert done.exit_code == 0, done.output
    for words in (
        "live: the avatar moves as you do",
        "mira (engine mesh, mouth drawn)",
        "/dev/video10 [v4l2loopback], file me.mp4",
        "1 h 2 min, pid 4711",
        "avatard microphone, 2 gaps",
        "none: no headphones",
        "Yeti, 38 ms late, as the picture",
        "LIVE, into the call; speaking, 2 waiting; voice en-us",
        "captured 100  dropped waiting 2",
    ):
        assert words in done.output
    rows = {line.split("  ")[0].strip(): line.split()[-5:] for line in done.output.splitlines() if line}
    assert rows["track"] == ["5.0", "6.0", "7.0", "8.0", "3"]
    assert rows["age at the sink"] == ["12.3", "15.0", "19.9", "44.0", "1"]
    assert "no face" not in done.output
    assert "your own mouth" not in done.output


def test_status_says_that_it_sleeps_and_why(daemon: Daemon) -> None:
    daemon.status |= {"state": "asleep", "readers": 0}
    output = CliRunner().invoke(cli, ["status"]).output
    assert "asleep: no program reads the virtual camera" in output
    assert "0 (awake on demand)" in output


def test_status_says_where_readers_cannot_be_counted(daemon: Daemon) -> None:
    daemon.status |= {"awake": "always", "readers": None}
    assert "cannot be counted here" in CliRunner().invoke(cli, ["status"]).output


def test_status_says_when_camera_pixels_are_shown(daemon: Daemon) -> None:
    daemon.status["mouth"] = "own"
    assert "your own mouth is shown" in CliRunner().invoke(cli, ["status"]).output


@pytest.mark.parametrize(("network", "words"), [("off", "no time for the network"), ("failing", "The network fails")])
def test_status_says_when_the_network_does_not_draw(daemon: Daemon, network: str, words: str) -> None:
    daemon.status |= {"engine": "meshnet (cpu)", "network": "on"}
    assert words not in CliRunner().invoke(cli, ["status"]).output
    daemon.status["network"] = network
    assert words in CliRunner().invoke(cli, ["status"]).output


def test_standby_before_the_first_picture_is_no_fault(daemon: Daemon) -> None:
    daemon.status |= {"state": "standby", "counters": {"rendered": 0}}
    assert CliRunner().invoke(cli, ["status"]).output.startswith("starting: ")
    daemon.status["counters"] = {"rendered": 1}
    assert CliRunner().invoke(cli, ["status"]).output.startswith("standby: something is wrong")


def test_status_for_programs_is_what_the_daemon_said(daemon: Daemon) -> None:
    done = CliRunner().invoke(cli, ["status", "--json"])
    assert json.loads(done.output) == STATUS


@pytest.mark.parametrize("command", ["pause", "resume", "recenter", "stop"])
def test_commands_reach_the_daemon_and_are_silent(daemon: Daemon, command: str) -> None:
    done = CliRunner().invoke(cli, [command])
    assert (done.exit_code, done.output) == (0, "")
    assert daemon.asked == [command]
