from __future__ import annotations

from pathlib import Path

import pytest

from avatard.doctor.finding import Level
from avatard.doctor.module import check_v4l2loopback
from avatard.doctor.secure_boot import SECURE_BOOT
from avatard.errors import SinkError
from avatard.programs import Answer
from tests.doctor.machine import answers, machine, only, sinks, write

MODULE = "sys/module/v4l2loopback"
MODULES = "lib/modules/6.1.0-13-amd64"


def loaded(root: Path, version: str = "", **options: str) -> None:
    options = {"exclusive_caps": "Y,Y,N,N", "max_buffers": "2", "max_width": "8192", "max_height": "8192", **options}
    for name, value in options.items():
        write(root, f"{MODULE}/parameters/{name}", f"{value}\n")
    if version:
        write(root, f"{MODULE}/version", f"{version}\n")


def test_loaded(tmp_path: Path) -> None:
    loaded(tmp_path, "0.15.1")
    finding = only(check_v4l2loopback, machine(tmp_path))

    assert finding.level is Level.OK
    assert finding.text == "0.15.1 is loaded: exclusive_caps=Y max_buffers=2 max_width=8192 max_height=8192"
    assert not finding.advice


@pytest.mark.parametrize(("exclusive", "trap"), [("Y,N", True), ("N,N", False)])
def test_the_trap_of_0_12_is_named(tmp_path: Path, exclusive: str, trap: bool) -> None:
    loaded(tmp_path, exclusive_caps=exclusive)  # such a module tells no version; its source does
    write(tmp_path, "usr/src/v4l2loopback-0.12.7/dkms.conf")
    finding = only(check_v4l2loopback, machine(tmp_path))

    assert finding.level is Level.OK
    assert finding.text.startswith("0.12.7 is loaded")
    assert ("takes no new writer" in finding.advice) == trap


@pytest.mark.parametrize(
    ("option", "value", "level", "words"),
    [
        ("max_buffers", "8", Level.WARN, "with 8 buffers"),
        ("max_width", "640", Level.FAIL, "max_width is less than the 1280"),
        ("max_height", "480", Level.FAIL, "max_height is less than the 720"),
    ],
)
def test_options_that_do_not_fit(tmp_path: Path, option: str, value: str, level: Level, words: str) -> None:
    loaded(tmp_path, "0.14.0", **{option: value})
    finding = only(check_v4l2loopback, machine(tmp_path))

    assert finding.level is level
    assert words in finding.text
    assert finding.fix.startswith("sudo modprobe -r v4l2loopback\n")
    assert "/etc/modprobe.d/avatard.conf" in finding.fix


def test_not_installed(tmp_path: Path) -> None:
    finding = only(check_v4l2loopback, machine(tmp_path))

    assert (finding.level, finding.text, finding.error) == (Level.FAIL, "not installed", SinkError)
    assert finding.fix.splitlines()[:3] == [
        "sudo apt install linux-headers-6.1.0-13-amd64",
        "sudo apt install v4l2loopback-dkms",
        "sudo modprobe v4l2loopback exclusive_caps=1 max_buffers=2 card_label=avatard",
    ]


def test_not_installed_beside_headers_that_are(tmp_path: Path) -> None:
    write(tmp_path, f"{MODULES}/build/Makefile")
    write(tmp_path, "etc/os-release", "ID=fedora")
    finding = only(check_v4l2loopback, machine(tmp_path))

    assert finding.fix.startswith("sudo dnf install akmod-v4l2loopback\n")
    assert "rpmfusion.org" in finding.advice


def test_not_installed_and_not_needed(tmp_path: Path) -> None:
    finding = only(check_v4l2loopback, machine(tmp_path, settings=sinks("pipewire")))

    assert (finding.level, finding.text) == (Level.OK, "not installed; not needed for pipewire")


def test_not_loaded(tmp_path: Path) -> None:
    write(tmp_path, f"{MODULES}/updates/dkms/v4l2loopback.ko.xz")
    finding = only(check_v4l2loopback, machine(tmp_path))

    assert finding.text == "installed, but not loaded"
    assert finding.fix.startswith("sudo modprobe v4l2loopback exclusive_caps=1")
    assert "/etc/modules-load.d/avatard.conf" in finding.fix


@pytest.mark.parametrize("known", [False, True])
def test_not_loaded_under_secure_boot(tmp_path: Path, known: bool) -> None:
    write(tmp_path, f"{MODULES}/updates/dkms/v4l2loopback.ko")
    write(tmp_path, SECURE_BOOT).write_bytes(b"\x06\0\0\0\x01")
    said = Answer(1, "mok.pub is already enrolled") if known else Answer(0, "mok.pub is not enrolled")
    finding = only(check_v4l2loopback, machine(tmp_path, run=answers({"mokutil": said})))

    assert ("Secure Boot" in finding.text) != known
    assert ("mokutil --import" in finding.fix) != known
    assert ("sudo modprobe" in finding.fix) == known  # before the restart it would be refused


def test_not_built_for_want_of_headers(tmp_path: Path) -> None:
    write(tmp_path, "usr/src/v4l2loopback-0.12.7/dkms.conf")
    finding = only(check_v4l2loopback, machine(tmp_path))

    assert "its headers are missing" in finding.text
    assert finding.fix.startswith("sudo apt install linux-headers-6.1.0-13-amd64\nsudo dkms autoinstall")


@pytest.mark.parametrize(("release", "too_new"), [("6.1.0-13-amd64", False), ("6.8.0-45-generic", True)])
def test_not_built_though_it_could_be(tmp_path: Path, release: str, too_new: bool) -> None:
    write(tmp_path, "usr/src/v4l2loopback-0.12.7/dkms.conf")
    write(tmp_path, f"lib/modules/{release}/build/Makefile")
    finding = only(check_v4l2loopback, machine(tmp_path, kernel_release=release))

    assert finding.text == f"0.12.7 is installed, but not built for this kernel ({release})"
    assert "/var/lib/dkms/v4l2loopback/0.12.7/build/make.log" in finding.advice
    assert ("from Linux 6.8 on" in finding.advice) == too_new


def test_windows_subsystem_for_linux(tmp_path: Path) -> None:
    finding = only(check_v4l2loopback, machine(tmp_path, kernel_release="5.15.153.1-microsoft-standard-WSL2"))

    assert finding.level is Level.FAIL
    assert "install avatard in Windows itself" in finding.advice


@pytest.mark.parametrize("marker", [".dockerenv", "run/.containerenv"])
def test_in_a_container(tmp_path: Path, marker: str) -> None:
    write(tmp_path, marker)
    finding = only(check_v4l2loopback, machine(tmp_path))

    assert "on the host" in finding.advice
    assert finding.fix.startswith("sudo modprobe v4l2loopback")


def test_nothing_elsewhere(tmp_path: Path) -> None:
    assert list(check_v4l2loopback(machine(tmp_path, platform="darwin"))) == []
