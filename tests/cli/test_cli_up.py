"""`avatard up` as a process: it answers, it stops, it says why it cannot run."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from avatard import canonical, paths
from avatard.avatar import Subject
from avatard.avatars import Store
from avatard.control.client import NotRunningError, call
from avatard.errors import ControlError
from avatard.face import Face, Pose
from avatard.frame import Picture

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="commands need Unix sockets")


def _one_face(picture: Picture) -> Sequence[Face]:
    points = (canonical.neutral() * 120 + (256, 256, 0)).astype(np.float32)
    return [Face(points, Pose(np.eye(3), np.array([256.0, 256.0, 0.0]), 120.0), 1.0, 0, 0)]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user with one avatar, `plain`, and no settings."""
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(variable, str(tmp_path))
    monkeypatch.delenv("AVATARD_SOCKET", raising=False)
    picture = tmp_path / "plain.png"
    Image.new("RGB", (512, 512), (180, 140, 120)).save(picture)
    shipped = Path(sys.modules["avatard"].__path__[0]) / "assets" / "avatars"
    Store(paths.avatars(), shipped).add(picture, "plain", Subject.STYLISED, _one_face)
    return tmp_path


UP = ("up", "--source", "none", "--sink", "null", "--engine", "still", "--avatar", "plain", "--size", "320x240")


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "avatard", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def until_it_answers(process: subprocess.Popen[str], path: Path) -> dict[str, object]:
    while process.poll() is None:
        try:
            return call("status", socket=path)
        except ControlError as e:
            if not isinstance(e, NotRunningError) and "starting" not in e.message:
                raise
            time.sleep(0.05)
    pytest.fail(f"it ended with {process.returncode}: {process.communicate()}")


def test_it_answers_takes_commands_and_stops(home: Path) -> None:
    path = home / "avatard.sock"
    with running(*UP) as process:
        status = until_it_answers(process, path)
        assert (status["pid"], status["avatar"]) == (process.pid, "plain")
        call("pause", socket=path)
        assert call("status", socket=path)["state"] == "paused"
        call("resume", socket=path)
        call("use", {"avatar": "plain"}, socket=path, timeout_s=60.0)
        call("stop", socket=path)
        out, err = process.communicate(timeout=60)
    assert (out, process.returncode) == ("", 0)
    assert "Traceback" not in err
    assert not path.exists()


def test_an_interrupt_stops_it(home: Path) -> None:
    with running(*UP, "--socket", str(home / "other.sock")) as process:
        until_it_answers(process, home / "other.sock")
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Traceback" not in err


def test_a_second_one_names_the_first(home: Path) -> None:
    with running(*UP) as first:
        until_it_answers(first, home / "avatard.sock")
        with running(*UP) as second:
            _, err = second.communicate(timeout=60)
        assert second.returncode == 18
        assert f"another avatard runs (pid {first.pid})" in err
        assert call("status", socket=home / "avatard.sock")["pid"] == first.pid


def test_a_killed_one_leaves_nothing_in_the_way(home: Path) -> None:
    path = home / "avatard.sock"
    with running(*UP) as process:
        until_it_answers(process, path)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(timeout=60)
    assert path.exists()
    with running(*UP) as process:
        assert until_it_answers(process, path)["pid"] == process.pid


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--avatar", "nobody"), 14, "no avatar nobody"),
        (("--source", "telepathy"), 10, "no source is called"),
        (("--sink", "wall"), 10, "no sink is called"),
        (("--engine", "magic"), 10, "one of meshnet, mesh, still"),
        (("--source", "file:/nowhere.mp4"), 11, "nowhere.mp4"),
        (("--config", "/nowhere.toml"), 10, "no file /nowhere.toml"),
    ],
)
def test_what_cannot_run_says_why_in_a_line(home: Path, arguments: tuple[str, ...], code: int, words: str) -> None:
    with running(*UP, *arguments) as process:
        _, err = process.communicate(timeout=60)
    assert process.returncode == code, err
    assert "error: " in err
    assert words in err
    assert "Traceback" not in err


def test_a_service_manager_hears_of_readiness_progress_and_the_end(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(home / "notify"))
        manager.settimeout(60)
        monkeypatch.setenv("NOTIFY_SOCKET", str(home / "notify"))
        with running(*UP) as process:
            heard = [manager.recv(256) for _ in range(3)]
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=60)
        manager.setblocking(False)
        while heard[-1] != b"STOPPING=1":
            heard.append(manager.recv(256))
    assert heard[0] == b"READY=1"
    assert heard[1].startswith(b"STATUS=")
    assert {line for line in heard[1:-1] if not line.startswith(b"STATUS=")} == {b"WATCHDOG=1"}
    assert process.returncode == 0
