from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import pytest

from avatard.doctor.finding import Level
from avatard.doctor.virtual_camera import check_virtual_camera
from avatard.errors import SinkError
from avatard.v4l2 import LOOPBACK_DRIVER
from avatard.v4l2_fake import FakeDevice, FakeKernel
from tests.doctor.machine import machine, only, sinks, write

FORMAT = "sys/class/video4linux/video10/format"


def loopback(**state: Any) -> FakeDevice:
    return FakeDevice(10, "avatard", LOOPBACK_DRIVER, **state)


def test_ready(tmp_path: Path) -> None:
    finding = only(check_virtual_camera, machine(tmp_path, loopback(), FakeDevice(0, "HD Webcam")))

    assert finding.level is Level.OK
    assert finding.text.endswith("dev/video10 (avatard): free; programs list it as soon as avatard writes to it")


def test_one_that_nobody_lists(tmp_path: Path) -> None:
    finding = only(check_virtual_camera, machine(tmp_path, loopback(exclusive=False)))

    assert (finding.level, finding.error) == (Level.FAIL, SinkError)
    assert "exclusive_caps is off" in finding.text
    assert "modprobe -r v4l2loopback" in finding.fix
    assert "exclusive_caps=1" in finding.fix


def test_left_stuck_is_known(tmp_path: Path) -> None:
    finding = only(check_virtual_camera, machine(tmp_path, loopback(ready_output=False)))

    assert finding.level is Level.OK
    assert "avatard up frees it" in finding.text


@pytest.mark.parametrize(
    ("who", "shown", "level", "words"),
    [
        ("obs", "YU12:1280x720@30", Level.WARN, "a program writes to it; open in obs (process 77)"),
        ("avatard", "YU12:1280x720@30", Level.OK, "avatard shows YU12 of 1280x720 at 30 fps there"),
        ("avatard", "YU12:640x480@10000/1000", Level.OK, "avatard shows YU12 of 640x480 at 10 fps there"),
        ("avatard", "YU12:640x480@30000/1001", Level.OK, "at 29.97 fps there"),
        ("avatard", "YU12:640x480@0/0", Level.OK, "at 0 fps there"),
        ("avatard", "what is this", Level.OK, "avatard shows pictures there"),
        ("ffmpeg", "RGB3:1280x720@30", Level.WARN, "RGB3 of 1280x720 at 30 fps, from ffmpeg (process 77)"),
        ("ffmpeg", "YUYV:641x480@30", Level.WARN, "YUYV of 641x480"),
        ("ffmpeg", "", Level.WARN, "a program writes to it"),
    ],
)
def test_with_a_producer(tmp_path: Path, who: str, shown: str, level: Level, words: str) -> None:
    system = machine(tmp_path, loopback(ready_output=False, ready_capture=True))
    assert isinstance(system.kernel, FakeKernel)
    system.kernel.add_process(77, who, tmp_path / "dev/video10")
    write(tmp_path, FORMAT, f"{shown}\n")
    finding = only(check_virtual_camera, system)

    assert finding.level is level
    assert words in finding.text


def test_without_permission(tmp_path: Path) -> None:
    system = machine(tmp_path, loopback(open_error=errno.EACCES))
    entry = tmp_path / "sys/class/video4linux/video10"
    real = tmp_path / "sys/devices/virtual/video4linux/video10"
    real.parent.mkdir(parents=True)
    entry.rename(real)
    entry.symlink_to(real)
    finding = only(check_virtual_camera, system)

    assert (finding.level, finding.error) == (Level.FAIL, SinkError)
    assert "no permission" in finding.text


def test_one_that_does_not_open(tmp_path: Path) -> None:
    system = machine(tmp_path, loopback())
    assert isinstance(system.kernel, FakeKernel)
    system.kernel.devices[0].open_error = errno.EBUSY
    entry = tmp_path / "sys/class/video4linux/video10"
    real = tmp_path / "sys/devices/virtual/video4linux/video10"
    real.parent.mkdir(parents=True)
    entry.rename(real)
    entry.symlink_to(real)
    finding = only(check_virtual_camera, system)

    assert finding.level is Level.FAIL
    assert finding.text.endswith("cannot be opened: busy")


def test_module_without_a_device(tmp_path: Path) -> None:
    write(tmp_path, "sys/module/v4l2loopback/parameters/max_buffers", "2")

    assert "without a device" in only(check_virtual_camera, machine(tmp_path)).text
    assert list(check_virtual_camera(machine(tmp_path, settings=sinks("null")))) == []


@pytest.mark.parametrize(
    ("specs", "levels"),
    [
        (("virtualcam",), [Level.OK, Level.FAIL]),  # the one called avatard
        (("virtualcam:10",), [Level.OK, Level.FAIL]),
        (("null", "virtualcam:/dev/video9"), [Level.FAIL, Level.OK]),
        (("virtualcam:9", "virtualcam"), [Level.FAIL, Level.FAIL]),
        (("pipewire",), [Level.OK, Level.OK]),
    ],
)
def test_what_is_not_used_is_no_failure(tmp_path: Path, specs: tuple[str, ...], levels: list[Level]) -> None:
    other = FakeDevice(9, "OBS", LOOPBACK_DRIVER, exclusive=False)
    found = list(check_virtual_camera(machine(tmp_path, other, loopback(exclusive=False), settings=sinks(*specs))))

    assert [finding.level for finding in found] == levels
    assert [bool(finding.fix) for finding in found] == [level is Level.FAIL for level in levels]


def test_module_not_loaded_is_not_told_twice(tmp_path: Path) -> None:
    assert list(check_virtual_camera(machine(tmp_path))) == []
