from __future__ import annotations

from pathlib import Path

import pytest

from avatard.doctor.browsers import check_browsers
from avatard.doctor.finding import Level
from avatard.programs import Answer
from tests.doctor.machine import answers, machine, only, sinks, write

HEAD = "Interface  Plug  Slot  Notes\nalsa  firefox:alsa  -  -\n"


def test_none_in_a_sandbox(tmp_path: Path) -> None:
    assert list(check_browsers(machine(tmp_path))) == []


@pytest.mark.parametrize(
    ("row", "refused"),
    [("camera  firefox:camera  -  -", True), ("camera  firefox:camera  :camera  -", False), ("", False)],
)
def test_a_snap_and_its_camera(tmp_path: Path, row: str, refused: bool) -> None:
    write(tmp_path, "snap/firefox/current/meta/snap.yaml")
    run = answers({"snap connections firefox": Answer(0, HEAD + row)})
    found = list(check_browsers(machine(tmp_path, run=run)))

    assert [finding.fix for finding in found] == (["sudo snap connect firefox:camera"] if refused else [])


def test_firefox_and_a_camera_in_pipewire(tmp_path: Path) -> None:
    finding = only(check_browsers, machine(tmp_path, settings=sinks("pipewire")))

    assert finding.level is Level.OK
    assert "media.webrtc.camera.allow-pipewire" in finding.advice
