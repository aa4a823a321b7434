from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from avatard import errors
from avatard.config import Config
from avatard.video_devices import OPTIONS

SYSTEMD = Path(__file__).parents[2] / "systemd"
UNIT = SYSTEMD / "avatard.service"


@pytest.fixture
def unit() -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(UNIT)
    return parser


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_understands_every_line(tmp_path: Path) -> None:
    """It exits with 0 on a wrong value: any word of it is a failure."""
    program = tmp_path / "avatard"
    program.symlink_to(sys.executable)
    copy = tmp_path / "avatard.service"
    copy.write_text(UNIT.read_text().replace("%h/.local/bin/avatard", str(program)))
    env = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path)}
    command = ["systemd-analyze", "verify", "--user", "--man=no", str(copy)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout + done.stderr, done.returncode) == ("", 0)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_the_test_above_can_fail(tmp_path: Path) -> None:
    copy = tmp_path / "avatard.service"
    copy.write_text(UNIT.read_text().replace("WatchdogSec=20", "WatchdogSec=soon"))
    env = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path)}
    command = ["systemd-analyze", "verify", "--user", "--man=no", str(copy)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert "soon" in done.stderr


def test_what_trying_again_does_not_cure_is_not_tried_again(unit: configparser.ConfigParser) -> None:
    codes = {int(code) for code in unit["Service"]["RestartPreventExitStatus"].split()}
    lasting = (errors.ConfigError, errors.AvatarError, errors.ConsentError, errors.VaultError, errors.ControlError)
    assert codes == {2, *(error.exit_code for error in lasting)}


def test_the_daemon_ends_a_hang_before_systemd_does(unit: configparser.ConfigParser) -> None:
    assert float(unit["Service"]["WatchdogSec"]) > Config().daemon.hang_s


def test_the_module_is_loaded_as_doctor_and_the_sink_say() -> None:
    text = (SYSTEMD / "modprobe.d" / "avatard.conf").read_text()
    assert f"options v4l2loopback {OPTIONS}\n" in text
    assert (SYSTEMD / "modules-load.d" / "avatard.conf").read_text().splitlines()[-1] == "v4l2loopback"
