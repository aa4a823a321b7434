from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest

from avatard.config import CaptureConfig, Config
from avatard.doctor.camera import check_camera
from avatard.doctor.finding import Level
from avatard.errors import SourceError
from avatard.programs import Answer
from avatard.v4l2 import LOOPBACK_DRIVER
from avatard.v4l2_fake import FakeDevice, FakeKernel
from tests.doctor.machine import answers, machine, only


def test_it_is_listed_with_its_formats(tmp_path: Path) -> None:
    finding = only(check_camera, machine(tmp_path, FakeDevice(0, "HD Webcam")))

    assert finding.level is Level.OK
    assert finding.text.endswith("dev/video0 (HD Webcam): MJPG, YUYV")


@pytest.mark.parametrize(("width", "level"), [(640, Level.OK), (1280, Level.WARN)])
def test_without_mjpg_only_small_pictures_are_fast(tmp_path: Path, width: int, level: Level) -> None:
    settings = Config(capture=CaptureConfig(width=width))
    finding = only(check_camera, machine(tmp_path, FakeDevice(0, "Old", formats=("YUYV",)), settings=lambda: settings))

    assert finding.level is level
    assert ("avatard config set capture.width 640" in finding.fix) == (level is Level.WARN)


def test_formats_that_nobody_decodes(tmp_path: Path) -> None:
    finding = only(check_camera, machine(tmp_path, FakeDevice(0, "Action Cam", formats=("H264",))))

    assert (finding.level, finding.fix) == (Level.WARN, "avatard devices")


@pytest.mark.parametrize(
    ("taken", "who", "level"),
    [(True, "zoom", Level.WARN), (True, "avatard", Level.OK), (False, "zoom", Level.OK)],
)
def test_in_use_says_by_whom(tmp_path: Path, taken: bool, who: str, level: Level) -> None:
    system = machine(tmp_path, FakeDevice(0, "HD Webcam", taken=taken))  # having it open is not using it
    assert isinstance(system.kernel, FakeKernel)
    system.kernel.add_process(31, who, tmp_path / "dev/video0")
    finding = only(check_camera, system)

    assert finding.level is level
    assert ("zoom (process 31)" in finding.text) == (level is Level.WARN)


def test_in_use_by_one_who_cannot_be_seen(tmp_path: Path) -> None:
    finding = only(check_camera, machine(tmp_path, FakeDevice(0, "HD Webcam", taken=True)))

    assert finding.text.endswith("in use by another user's program")


def test_without_permission(tmp_path: Path) -> None:
    finding = only(check_camera, machine(tmp_path, FakeDevice(0, "HD Webcam", open_error=errno.EACCES)))

    assert (finding.level, finding.error) == (Level.FAIL, SourceError)


def test_none_is_no_failure(tmp_path: Path) -> None:
    finding = only(check_camera, machine(tmp_path, FakeDevice(9, "avatard", LOOPBACK_DRIVER)))

    assert finding.level is Level.WARN
    assert finding.fix.startswith("avatard up --source performer")


def test_none_is_needed_by_another_source(tmp_path: Path) -> None:
    settings = Config(capture=CaptureConfig(source="performer"))

    assert only(check_camera, machine(tmp_path, settings=lambda: settings)).level is Level.OK


@pytest.mark.parametrize(
    ("platform", "program", "said"),
    [
        ("win32", "powershell", "Integrated Camera\r\nLogitech BRIO\r\n"),
        (
            "darwin",
            "system_profiler",
            json.dumps({"SPCameraDataType": [{"_name": "Integrated Camera"}, {"_name": "Logitech BRIO"}]}),
        ),
    ],
)
def test_elsewhere_they_have_names(tmp_path: Path, platform: str, program: str, said: str) -> None:
    system = machine(tmp_path, platform=platform, run=answers({program: Answer(0, said)}))

    assert only(check_camera, system).text == "Integrated Camera, Logitech BRIO"


def test_elsewhere_none(tmp_path: Path) -> None:
    system = machine(tmp_path, platform="win32", run=answers({"powershell": Answer(0, "")}))

    assert only(check_camera, system).level is Level.WARN


def test_elsewhere_not_to_be_asked(tmp_path: Path) -> None:
    finding = only(check_camera, machine(tmp_path, platform="darwin"))

    assert finding.level is Level.OK
    assert finding.text.startswith("not looked at")
