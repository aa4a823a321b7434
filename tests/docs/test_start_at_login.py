"""The lines of docs/start-at-login.md: what of them can be tried without Windows and macOS."""

from __future__ import annotations

import plistlib
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from avatard import paths
from avatard.cli.group import cli
from avatard.doctor.service import LABEL

PAGE = (Path(__file__).parents[2] / "docs" / "start-at-login.md").read_text(encoding="utf-8")
WINDOWS = "\n".join(re.findall(r"```powershell\n(.*?)```", PAGE, re.DOTALL))
MACOS = "\n".join(re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL))


@pytest.fixture
def plist(tmp_path: Path) -> dict[str, object]:
    """What the page's lines write, on a machine with an `avatard` and no launchd."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("avatard", "launchctl"):
        (programs / name).write_text("#!/bin/sh\n")
        (programs / name).chmod(0o755)
    env = {"HOME": str(tmp_path), "PATH": f"{programs}:/usr/bin:/bin"}
    first = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)[0]
    subprocess.run(["sh", "-eu", "-c", first], env=env, check=True)
    written: dict[str, object] = plistlib.loads((tmp_path / "Library/LaunchAgents/avatard.plist").read_bytes())
    return {**written, "home": str(tmp_path)}


def test_macos_gets_a_property_list_with_whole_paths(plist: dict[str, object]) -> None:
    assert plist["Label"] == LABEL
    assert plist["ProgramArguments"] == [f"{plist['home']}/bin/avatard", "up"]
    assert plist["StandardErrorPath"] == f"{plist['home']}/Library/Logs/avatard.log"
    assert plist["KeepAlive"] == {"SuccessfulExit": False}  # after a crash, not after `avatard stop`


def test_doctor_asks_for_the_names_that_the_page_gives() -> None:
    assert f"-TaskName {LABEL} " in WINDOWS
    assert f"gui/$(id -u)/{LABEL}\n" in MACOS


@pytest.mark.parametrize("lines", [WINDOWS, MACOS], ids=["windows", "macos"])
def test_every_command_is_there(lines: str) -> None:
    commands = [shlex.split(line)[1] for line in lines.splitlines() if line.startswith("avatard ")]

    assert commands == ["status", "stop"]
    assert set(commands) <= set(cli.list_commands(None))  # type: ignore[arg-type]


def test_the_log_is_where_the_page_says() -> None:
    assert r"\avatard\Logs\avatard.log" in PAGE
    assert (paths.log_file().name, paths.log_file().with_suffix(".old").name) == ("avatard.log", "avatard.old")
    assert "avatard.old" in PAGE
