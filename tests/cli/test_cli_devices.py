from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from avatard.audio.fake import HEADPHONES, FakeSystem
from avatard.audio.system import NoSound
from avatard.cli.devices import command as devices
from avatard.errors import AudioError
from avatard.programs import Answer
from avatard.v4l2 import LOOPBACK_DRIVER
from avatard.v4l2_fake import FakeDevice, FakeKernel
from avatard.video_devices import video_devices


@pytest.fixture(autouse=True)
def sound(monkeypatch: pytest.MonkeyPatch) -> FakeSystem:
    system = FakeSystem()
    monkeypatch.setattr("avatard.audio.system.open_system", lambda: system)
    return system


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


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Integrated Camera\nOBS Virtual Camera", "Integrated Camera"),
        ("", "none found"),
        (None, "does not say"),
    ],
)
def test_devices_elsewhere(said: str | None, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    answer = Answer(1, "") if said is None else Answer(0, said)
    monkeypatch.setattr("avatard.programs.run", lambda *command: answer)

    names = [line for line in (said or "").splitlines() if line]
    listed = json.loads(CliRunner().invoke(devices, ["--json"]).output)["devices"]
    assert [device["name"] for device in listed] == names
    output = CliRunner().invoke(devices, []).output
    assert words in output
    assert "camera:0" in output


def test_sound_in_words(machine: FakeKernel, sound: FakeSystem) -> None:
    lines = CliRunner().invoke(devices, []).output.splitlines()

    assert lines[lines.index("Microphones") :] == [
        "Microphones",
        "  fake_microphone  fake microphone; default",
        "Speakers and headphones",
        "  fake_headphones  fake headphones; headphones; default",
        "Virtual microphones",
        "  fake_call  fake virtual microphone",
    ]
    sound.unplug(HEADPHONES)
    assert "Speakers and headphones\n  none found" in CliRunner().invoke(devices, []).output


def test_sound_as_json(machine: FakeKernel) -> None:
    told = json.loads(CliRunner().invoke(devices, ["--json"]).output)

    assert told["sound"][0] == {
        "name": "fake_call",
        "description": "fake virtual microphone",
        "kind": "virtual microphone",
        "default": False,
    }
    assert told["sound_problem"] == ""


def test_no_sound_says_so(machine: FakeKernel, monkeypatch: pytest.MonkeyPatch) -> None:
    silent = NoSound(AudioError("no sound server answers"))
    monkeypatch.setattr("avatard.audio.system.open_system", lambda: silent)

    assert "  no sound server answers; avatard doctor" in CliRunner().invoke(devices, []).output
    assert json.loads(CliRunner().invoke(devices, ["--json"]).output)["sound_problem"] == "no sound server answers"
