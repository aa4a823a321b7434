"""avatard in a process that lacks what Windows or macOS lacks (`pretend.py`): nothing of ours asks for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

PRETEND = Path(__file__).with_name("pretend.py")
CHECKOUT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="pretends to be another system, from Linux")


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return {
        **os.environ,
        "HOME": str(tmp_path),
        "AVATARD_SOCKET": str(tmp_path / "control"),
        "PYTHONPATH": str(CHECKOUT),
    }


def avatard(platform: str, *command: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(PRETEND), platform, *command], env=env, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("platform", ["win32", "darwin"])
@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("--help",), "Check this machine, and say how to fix it."),
        (("config", "path"), "config.toml"),
        (("avatar", "list"), "mira"),
        (("devices",), "camera:0"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_commands_need_nothing_that_is_not_there(
    platform: str, command: tuple[str, ...], words: str, env: dict[str, str]
) -> None:
    done = avatard(platform, *command, env=env)

    assert done.returncode == 0, done.stderr
    assert words in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_doctor_looks_at_what_is_there(platform: str, env: dict[str, str]) -> None:
    done = avatard(platform, "doctor", "--json", env=env)
    findings = json.loads(done.stdout)["findings"]

    assert done.returncode == 12, done.stderr  # pyvirtualcam is missing
    assert [finding for finding in findings if finding["level"] == "bug"] == []
    assert {finding["check"] for finding in findings} >= {"python", "camera", "virtual camera", "network", "speed"}
    assert not {finding["check"] for finding in findings} & {"v4l2loopback", "pipewire", "camera portal"}


@pytest.mark.slow
def test_windows_runs_and_is_commanded_through_its_port(tmp_path: Path, env: dict[str, str]) -> None:
    up = ("up", "--source", "performer", "--sink", "null", "--size", "320x240")
    with (tmp_path / "log").open("wb") as log:
        daemon = subprocess.Popen([sys.executable, str(PRETEND), "win32", *up], env=env, stderr=log)
        try:
            deadline = time.monotonic() + 60
            while "ready" not in (tmp_path / "log").read_text() and time.monotonic() < deadline:
                assert daemon.poll() is None, (tmp_path / "log").read_text()
                time.sleep(0.2)
            status = json.loads(avatard("win32", "status", "--json", env=env).stdout)
            assert (status["state"], status["pid"]) == ("live", daemon.pid)
            second = avatard("win32", *up, env=env)
            assert second.returncode == 18
            assert f"another avatard runs (pid {daemon.pid})" in second.stderr
            assert json.loads(avatard("win32", "pause", "--json", env=env).stdout) == {"state": "paused"}
            assert avatard("win32", "stop", env=env).returncode == 0
            assert daemon.wait(30) == 0
        finally:
            daemon.kill()
            daemon.wait()
    assert not (tmp_path / "control").exists()
