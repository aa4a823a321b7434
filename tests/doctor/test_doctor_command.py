from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from avatard.cli.devices import command as devices
from avatard.cli.doctor import command as doctor
from avatard.doctor import Finding, Level, System
from avatard.errors import SinkError
from avatard.v4l2 import LOOPBACK_DRIVER
from avatard.v4l2_fake import FakeDevice, FakeKernel
from avatard.video_devices import INSTALL_LOOPBACK, video_devices


def healthy(system: System) -> Iterator[Finding]:
    yield Finding("python", Level.OK, "Python 3.11")


def wanting(system: System) -> Iterator[Finding]:
    yield Finding("camera", Level.WARN, "no camera [of any kind]", "Plug one in.")


def broken(system: System) -> Iterator[Finding]:
    yield Finding("virtual camera", Level.FAIL, "not installed", INSTALL_LOOPBACK, SinkError)


def test_doctor_prints_lines_to_paste_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("avatard.doctor.CHECKS", (healthy, wanting, broken))
    result = CliRunner().invoke(doctor, [])

    assert result.exit_code == 12
    printed = [line.strip() for line in result.output.splitlines()]
    assert all(line in printed for line in INSTALL_LOOPBACK.splitlines())
    assert "! camera         no camera [of any kind]" in printed
    assert printed[-1].startswith("1 to fix before avatard works")


@pytest.mark.parametrize(("checks", "last"), [((healthy,), "All well."), ((healthy, wanting), "Nothing stops avatard")])
def test_doctor_ends_well_with_warnings_only(
    monkeypatch: pytest.MonkeyPatch, checks: tuple[object, ...], last: str
) -> None:
    monkeypatch.setattr("avatard.doctor.CHECKS", checks)
    result = CliRunner().invoke(doctor, [])

    assert result.exit_code == 0
    assert result.output.splitlines()[-1].startswith(last)


def test_doctor_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("avatard.doctor.CHECKS", (wanting, broken))
    result = CliRunner().invoke(doctor, ["--json"])

    assert result.exit_code == 12
    assert json.loads(result.output) == {
        "schema": 1,
        "findings": [
            {"check": "camera", "level": "warn", "text": "no camera [of any kind]", "fix": "Plug one in."},
            {"check": "virtual camera", "level": "fail", "text": "not installed", "fix": INSTALL_LOOPBACK},
        ],
        "exit_code": 12,
    }


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeKernel:
    kernel = FakeKernel(
        tmp_path,
        FakeDevice(0, "HD Webcam", taken=True),
        FakeDevice(10, "avatard", LOOPBACK_DRIVER),
        FakeDevice(2, "Locked", open_error=13),
    )
    listed = video_devices(tmp_path, kernel)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("avatard.video_devices.video_devices", lambda: listed)
    return kernel


def test_devices_in_words(machine: FakeKernel) -> None:
    lines = CliRunner().invoke(devices, []).output.splitlines()

    assert lines[0] == "Cameras"
    assert lines[1].endswith("dev/video0  HD Webcam  MJPG, YUYV; in use by another user")
    assert lines[2] == "Virtual cameras"
    assert lines[3].rstrip().endswith("dev/video10  avatard")
    assert lines[4] == "Others"
    assert lines[5].endswith("dev/video2  Locked  no permission")


def test_devices_as_json(machine: FakeKernel) -> None:
    listed = json.loads(CliRunner().invoke(devices, ["--json"]).output)["devices"]

    assert [(device["name"], device["kind"]) for device in listed] == [
        ("HD Webcam", "camera"),
        ("Locked", "other"),
        ("avatard", "virtual camera"),
    ]
    assert listed[0]["formats"] == ["MJPG", "YUYV"]
    assert listed[0]["taken"]
    assert listed[1]["problem"] == "no permission"


def test_no_devices_says_how_to_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("avatard.video_devices.video_devices", list)
    output = CliRunner().invoke(devices, []).output

    assert "--source performer" in output
    assert "avatard doctor" in output


def test_devices_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")

    assert json.loads(CliRunner().invoke(devices, ["--json"]).output) == {"devices": []}
    assert "camera:0" in CliRunner().invoke(devices, []).output
