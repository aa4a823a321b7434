from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from avatard import errors
from avatard.config import Config
from avatard.control.address import SYSTEM_SOCKET
from avatard.video_devices import CARD_LABEL, OPTIONS

SYSTEMD = Path(__file__).parents[2] / "systemd"
USER = SYSTEMD / "avatard.service"
SYSTEM = SYSTEMD / "system" / "avatard.service"

needs_analyze = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")


def service(path: Path) -> dict[str, list[str]]:
    """The words of each option of [Service]; one that comes twice has those of both lines."""
    options: dict[str, list[str]] = {}
    section = path.read_text().split("[Service]\n")[1].split("\n[")[0]
    for line in section.splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.partition("=")
            options.setdefault(name, []).extend(value.split())
    return options


@pytest.fixture(params=[USER, SYSTEM], ids=["user", "system"])
def path(request: pytest.FixtureRequest) -> Path:
    return request.param  # type: ignore[no-any-return]


def analyze(tmp_path: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path), "SYSTEMD_COLORS": "0"}
    command = ["systemd-analyze", *map(str, arguments)]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)


def copied(unit: Path, folder: Path, *changes: tuple[str, str]) -> Path:
    """The unit with a program that exists, and with some of its text changed."""
    program = folder / "avatard"
    program.symlink_to(sys.executable)
    lines = [
        f"ExecStart={program}" if line.startswith("ExecStart=") else line for line in unit.read_text().splitlines()
    ]
    text = "\n".join(lines) + "\n"
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    copy = folder / "avatard.service"
    copy.write_text(text)
    return copy


@needs_analyze
def test_systemd_understands_every_line(path: Path, tmp_path: Path) -> None:
    """It exits with 0 on a wrong value: any word of it is a failure."""
    manager = ["--user"] if path is USER else []
    done = analyze(tmp_path, "verify", *manager, "--man=no", copied(path, tmp_path))
    assert (done.stdout + done.stderr, done.returncode) == ("", 0)


@needs_analyze
def test_the_test_above_can_fail(path: Path, tmp_path: Path) -> None:
    copy = copied(path, tmp_path, ("WatchdogSec=20", "WatchdogSec=soon"))
    assert "soon" in analyze(tmp_path, "verify", "--man=no", copy).stderr


@needs_analyze
@pytest.mark.parametrize(("opened", "code"), [((), 0), (("PrivateNetwork=yes", "PrivateNetwork=no"), 1)])
def test_the_system_s_exposure_is_at_most_1(tmp_path: Path, opened: tuple[str, str], code: int) -> None:
    """The threshold is in tenths. With the network let in it is above, so the test can fail."""
    copy = copied(SYSTEM, tmp_path, *([opened] if opened else []), *([("IPAddressDeny=any", "")] if opened else []))
    done = analyze(tmp_path, "security", "--no-pager", "--offline=true", "--threshold=10", copy)
    assert done.returncode == code, done.stdout.splitlines()[-1]


@needs_analyze
def test_a_gpu_opens_no_more_than_its_devices_and_memory(tmp_path: Path) -> None:
    copy = copied(SYSTEM, tmp_path)
    with copy.open("a") as file:  # a drop-in's lines count as if they came last
        file.write((SYSTEMD / "system" / "avatard.service.d" / "gpu.conf").read_text())
    done = analyze(tmp_path, "verify", "--man=no", copy)
    assert (done.stdout + done.stderr, done.returncode) == ("", 0)
    done = analyze(tmp_path, "security", "--no-pager", "--offline=true", "--threshold=15", copy)
    assert done.returncode == 0, done.stdout.splitlines()[-1]


def test_what_trying_again_does_not_cure_is_not_tried_again(path: Path) -> None:
    codes = set(map(int, service(path)["RestartPreventExitStatus"]))
    lasting = (errors.ConfigError, errors.AvatarError, errors.ConsentError, errors.VaultError, errors.ControlError)
    assert codes == {2, *(error.exit_code for error in lasting)}


def test_the_daemon_ends_a_hang_before_systemd_does(path: Path) -> None:
    assert float(service(path)["WatchdogSec"][0]) > Config().daemon.hang_s


def test_the_system_s_daemon_listens_where_commands_look() -> None:
    options = service(SYSTEM)
    assert {"AVATARD_AUDIO_OUTPUT=none", "AVATARD_AUDIO_MONITOR=none"} <= {*options["Environment"]}, "no sound server"
    assert f"AVATARD_SOCKET={SYSTEM_SOCKET}" in options["Environment"]
    assert [f"/run/{name}" for name in options["RuntimeDirectory"]] == [str(SYSTEM_SOCKET.parent)]
    assert options["RuntimeDirectoryMode"] == ["0750"]


def test_the_system_s_user_is_made_before_it_is_needed() -> None:
    options = service(SYSTEM)
    assert f"u {options['User'][0]} - " in (SYSTEMD / "sysusers.d" / "avatard.conf").read_text()
    assert options["User"] == options["Group"]


def test_the_module_is_loaded_as_doctor_and_the_sink_say() -> None:
    text = (SYSTEMD / "modprobe.d" / "avatard.conf").read_text()
    assert f"options v4l2loopback {OPTIONS}\n" in text
    assert (SYSTEMD / "modules-load.d" / "avatard.conf").read_text().splitlines()[-1] == "v4l2loopback"


def test_the_udev_rule_is_for_the_device_that_is_labelled_for_us() -> None:
    (rule,) = [
        line
        for line in (SYSTEMD / "udev" / "70-avatard.rules").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    assert f'ATTR{{name}}=="{CARD_LABEL}"' in rule
