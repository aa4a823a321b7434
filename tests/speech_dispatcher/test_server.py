"""Through a real Speech Dispatcher: what `spd-say` says reaches avatard, and only there."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from avatard.control.server import Server
from avatard.errors import ServiceError
from avatard.speech_dispatcher import server

needed = pytest.mark.skipif(
    shutil.which("speech-dispatcher") is None or shutil.which("spd-say") is None,
    reason="Speech Dispatcher is not installed: apt install speech-dispatcher",
)


class Daemon:
    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, object]]] = []

    def __call__(self, command: str, args: Mapping[str, object]) -> Mapping[str, object]:
        if command != "said":
            self.asked.append((command, dict(args)))
        return {"id": 1, "stage": "said", "speech": {"voice": "en-us"}}


@pytest.fixture
def daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Daemon]:
    monkeypatch.setenv("AVATARD_SOCKET", str(tmp_path / "a"))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    with Server(tmp_path / "a", found := Daemon()):
        yield found


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def spd_say(socket: Path, *args: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **dict([server.address(socket).split("=", 1)])}
    return subprocess.run(["spd-say", *args], env=env, capture_output=True, text=True, check=True, timeout=30)


@needed
@pytest.mark.parametrize("live", [False, True])
def test_spd_say_speaks_through_avatard(daemon: Daemon, tmp_path: Path, live: bool) -> None:
    folder, socket = tmp_path / "settings", tmp_path / "s"
    with server.running(folder, socket, live) as process:
        until(socket.exists)
        spd_say(socket, "--wait", "A <word>\n.from the desktop")
        assert spd_say(socket, "--list-output-modules").stdout.split()[-1] == "avatard"
        assert "avatard" in spd_say(socket, "--list-synthesis-voices").stdout
    assert process.wait(30) is not None
    said = [args for command, args in daemon.asked if command == "say"]
    assert said == [{"text": "A <word>\n.from the desktop", **({} if live else {"private": True})}]
    assert folder.stat().st_mode & 0o777 == 0o700
    logs = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    assert b"desktop" not in logs


@needed
def test_it_is_no_way_into_the_users_own(daemon: Daemon, tmp_path: Path) -> None:
    """A program without the address does not reach it."""
    with server.running(tmp_path / "settings", tmp_path / "s", live=True):
        until((tmp_path / "s").exists)
        env = {**os.environ, "SPEECHD_ADDRESS": f"unix_socket:{tmp_path}/users-own", "HOME": str(tmp_path)}
        assert subprocess.run(["spd-say", "x"], env=env, capture_output=True, timeout=30).returncode != 0
    assert [command for command, _ in daemon.asked if command == "say"] == []


@needed
def test_without_an_avatard_who_waits_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVATARD_SOCKET", str(tmp_path / "nobody"))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    with server.running(tmp_path / "settings", tmp_path / "s", live=True):
        until((tmp_path / "s").exists)
        spd_say(tmp_path / "s", "--wait", "hello")
    assert "no avatard is running" in (tmp_path / "settings" / "avatard.log").read_text()


@needed
def test_the_command_prints_the_address_and_ends_with_ctrl_c(daemon: Daemon, tmp_path: Path) -> None:
    env = {**os.environ, "XDG_DATA_HOME": str(tmp_path / "data")}
    command = [sys.executable, "-m", "avatard", "spd"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True, start_new_session=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(3)]
        socket = tmp_path / "avatard-speech-dispatcher.sock"
        assert lines[1] == f"  {server.address(socket)} firefox\n"
        assert "your own ears alone" in lines[0]
        until(socket.exists)
        spd_say(socket, "--wait", "hello")
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(30) == 130
    assert ("say", {"text": "hello", "private": True}) in daemon.asked


def test_without_speech_dispatcher_it_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    running = server.running(tmp_path, tmp_path / "s", live=False)
    with pytest.raises(ServiceError, match="speech-dispatcher is not installed") as refused, running:
        pytest.fail("it runs")
    assert "apt install" in refused.value.hint
