from __future__ import annotations

from pathlib import Path

import pytest

from avatard.doctor.finding import Level
from avatard.doctor.obs import MAC_EXTENSION, MAC_PLUGIN, WINDOWS, check_obs
from avatard.errors import SinkError
from avatard.programs import Answer
from tests.doctor.machine import answers, machine, only, sinks, write

INSTALLED = {"pyvirtualcam": "0.15.0"}
ACTIVE = f"*\t*\t2MMRE5MTB8\t{MAC_EXTENSION} (30.2.3/1)\tOBS Virtual Camera\t[activated enabled]"
WAITING = ACTIVE.replace("[activated enabled]", "[activated waiting for user]")


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_pyvirtualcam_is_missing(tmp_path: Path, platform: str) -> None:
    finding = only(check_obs, machine(tmp_path, platform=platform))

    assert (finding.level, finding.error) == (Level.FAIL, SinkError)
    assert finding.fix == 'pip install "avatard[pyvirtualcam]"'


@pytest.mark.parametrize(
    ("there", "text"),
    [
        (["OBS Virtual Camera"], "OBS Virtual Camera, by pyvirtualcam 0.15.0"),
        (["Unity Video Capture"], "Unity Video Capture, by pyvirtualcam 0.15.0"),
        (list(WINDOWS), "OBS Virtual Camera and Unity Video Capture, by pyvirtualcam 0.15.0"),
    ],
)
def test_windows_has_it_in_the_registry(tmp_path: Path, there: list[str], text: str) -> None:
    run = answers({f"reg query {WINDOWS[name]}": Answer(0, "") for name in there})

    assert only(check_obs, machine(tmp_path, platform="win32", packages=INSTALLED, run=run)).text == text


@pytest.mark.parametrize(("listed", "level"), [(ACTIVE, Level.OK), (WAITING, Level.FAIL), ("", Level.FAIL)])
def test_macos_has_it_as_an_extension(tmp_path: Path, listed: str, level: Level) -> None:
    run = answers({"systemextensionsctl list": Answer(0, f"1 extension(s)\n{listed}")})
    system = machine(tmp_path, platform="darwin", kernel_release="23.1.0", packages=INSTALLED, run=run)
    finding = only(check_obs, system)

    assert finding.level is level
    assert ("start its virtual camera once" in finding.advice) == (level is Level.FAIL)


@pytest.mark.parametrize("there", [True, False])
def test_macos_12_has_it_as_a_plug_in(tmp_path: Path, there: bool) -> None:
    if there:
        write(tmp_path, f"{MAC_PLUGIN}/Contents/Info.plist")
    system = machine(tmp_path, platform="darwin", kernel_release="21.6.0", packages=INSTALLED)

    assert (only(check_obs, system).level is Level.OK) == there


def test_nothing_where_it_is_not_used(tmp_path: Path) -> None:
    assert list(check_obs(machine(tmp_path))) == []
    assert list(check_obs(machine(tmp_path, platform="win32", settings=sinks("null")))) == []
