from __future__ import annotations

import errno
from pathlib import Path

from avatard.v4l2 import LOOPBACK_DRIVER
from avatard.v4l2_fake import FakeDevice, FakeKernel
from avatard.video_devices import Holder, first_loopback, holders, loopback_version, video_device, video_devices


def test_lists_by_number_and_tells_cameras_from_loopbacks(tmp_path: Path) -> None:
    kernel = FakeKernel(
        tmp_path,
        FakeDevice(10, "avatard", LOOPBACK_DRIVER),
        FakeDevice(0, "HD Webcam"),
        FakeDevice(2, "Locked", open_error=errno.EACCES),
    )
    (tmp_path / "sys/class/video4linux/v4l-subdev0").mkdir()

    webcam, locked, loopback = video_devices(tmp_path, kernel)

    assert (webcam.index, webcam.name, webcam.camera, webcam.formats) == (0, "HD Webcam", True, ("MJPG", "YUYV"))
    assert (locked.problem, locked.camera) == ("no permission", False)
    assert (loopback.index, loopback.loopback, loopback.camera, loopback.output) == (10, True, False, True)
    assert kernel.open_descriptors == 0


def test_a_machine_without_video_has_no_devices(tmp_path: Path) -> None:
    assert video_devices(tmp_path) == []


def test_a_link_leads_to_its_device(tmp_path: Path) -> None:
    kernel = FakeKernel(tmp_path, FakeDevice(3, "HD Webcam"))
    (tmp_path / "dev/v4l").mkdir()
    link = tmp_path / "dev/v4l/webcam"
    link.symlink_to("../video3")

    assert video_device(link, tmp_path, kernel).index == 3


def test_what_is_no_video_device_is_told_from_what_is_not_there(tmp_path: Path) -> None:
    kernel = FakeKernel(tmp_path, FakeDevice(0, "HD Webcam"))
    (tmp_path / "note").touch()

    assert video_device(tmp_path / "note", tmp_path, kernel).problem == "not a video device"
    assert video_device(tmp_path / "gone", tmp_path, kernel).problem == "not there"
    assert video_device(tmp_path / "dev/video7", tmp_path, kernel).problem == "not there"


def test_holders_are_the_processes_that_have_it_open(tmp_path: Path) -> None:
    kernel = FakeKernel(tmp_path, FakeDevice(0, "HD Webcam"))
    node = tmp_path / "dev/video0"
    kernel.add_process(90, "zoom", tmp_path / "log", node)
    kernel.add_process(12, "cheese", node)
    kernel.add_process(5, "bash", tmp_path / "log")

    assert holders(node, tmp_path) == [Holder(12, "cheese"), Holder(90, "zoom")]
    assert str(Holder(12, "cheese")) == "cheese (process 12)"


def test_processes_that_cannot_be_looked_at_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "proc/77").mkdir(parents=True)  # no fd folder: it has just ended

    assert holders(tmp_path / "dev/video0", tmp_path) == []


def test_version_of_the_module(tmp_path: Path) -> None:
    assert loopback_version(tmp_path) is None
    module = tmp_path / "sys/module/v4l2loopback"
    module.mkdir(parents=True)
    assert loopback_version(tmp_path) == (0, 12)  # 0.12.7 has no version file, as seen on Debian 12
    (module / "version").write_text("0.14.0\n")
    assert loopback_version(tmp_path) == (0, 14, 0)
    (module / "version").write_text("v0.15-3-gabcdef\n")
    assert loopback_version(tmp_path) is None


def test_the_first_loopback_is_the_one_that_has_our_name(tmp_path: Path) -> None:
    webcam, obs = FakeDevice(0, "HD Webcam"), FakeDevice(5, "OBS", LOOPBACK_DRIVER)
    ours = FakeDevice(10, "Avatard", LOOPBACK_DRIVER)

    def first(*devices: FakeDevice) -> int | None:
        found = first_loopback(video_devices(tmp_path, FakeKernel(tmp_path, *devices)))
        return found.index if found else None

    assert first(webcam) is None
    assert first(webcam, obs) == 5
    assert first(webcam, obs, ours) == 10
