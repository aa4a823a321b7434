from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from avatard.audio.devices import Kind, SoundDevice
from avatard.audio.fake import HEADPHONES, VIRTUAL_MICROPHONE, FakeSystem
from avatard.audio.system import NoSound
from avatard.config import AudioConfig, Config
from avatard.doctor.finding import Level
from avatard.doctor.sound import check_sound, check_virtual_microphone
from avatard.errors import AudioError
from tests.doctor.machine import machine, only, write

NO_SERVER = NoSound(AudioError("no sound server answers", retryable=True))
NO_LIBRARY = NoSound(AudioError("PulseAudio's library is not installed"))


def test_devices_are_counted(tmp_path: Path) -> None:
    finding = only(check_sound, machine(tmp_path, sound=FakeSystem))

    assert (finding.level, finding.text) == (Level.OK, "microphones: 1, speakers and headphones: 1")


@pytest.mark.parametrize(
    ("sound", "installed", "fix"),
    [
        (NO_LIBRARY, "", "sudo apt install libpulse0"),
        (NO_SERVER, "pipewire-pulse", "systemctl --user enable --now pipewire-pulse.socket wireplumber"),
        (NO_SERVER, "pulseaudio", "systemctl --user enable --now pulseaudio.socket"),
        (
            NO_SERVER,
            "",
            "sudo apt install pipewire-pulse wireplumber\n"
            "systemctl --user enable --now pipewire-pulse.socket wireplumber",
        ),
    ],
)
def test_no_sound_on_linux(tmp_path: Path, sound: NoSound, installed: str, fix: str) -> None:
    if installed:
        write(tmp_path, f"usr/bin/{installed}")
    finding = only(check_sound, machine(tmp_path, sound=lambda: sound))

    assert (finding.level, finding.error, finding.fix) == (Level.WARN, AudioError, fix)


def test_a_package_by_its_name_in_fedora(tmp_path: Path) -> None:
    write(tmp_path, "etc/os-release", "ID=fedora\n")

    assert only(check_sound, machine(tmp_path, sound=lambda: NO_LIBRARY)).fix == "sudo dnf install pulseaudio-libs"


def test_no_sound_elsewhere(tmp_path: Path) -> None:
    sound = NoSound(AudioError("sounddevice is broken", "pip install --force-reinstall sounddevice"))
    finding = only(check_sound, machine(tmp_path, platform="win32", sound=lambda: sound))

    assert finding.fix == "pip install --force-reinstall sounddevice"


def test_a_device_that_the_settings_name_and_nobody_has(tmp_path: Path) -> None:
    system = machine(tmp_path, sound=FakeSystem, settings=lambda: Config(audio=AudioConfig(monitor="Bose")))
    finding = only(check_sound, system)

    assert (finding.level, finding.text) == (Level.WARN, "no speaker is called 'Bose'")
    assert "fake_headphones" in finding.advice


def test_nobody_hears_private_speech(tmp_path: Path) -> None:
    sound = FakeSystem()
    sound.unplug(HEADPHONES)
    finding = only(check_sound, machine(tmp_path, sound=lambda: sound))

    assert finding.level is Level.WARN
    assert "headphones" in finding.advice


def test_nobody_hears_private_speech_where_the_only_speaker_goes_into_the_call(tmp_path: Path) -> None:
    settings = Config(audio=AudioConfig(output="headphones"))
    finding = only(check_sound, machine(tmp_path, sound=FakeSystem, settings=lambda: settings))

    assert finding.level is Level.WARN
    assert "heard by nobody" in finding.advice


def test_the_virtual_microphone_of_linux_is_avatards_own(tmp_path: Path) -> None:
    sound = FakeSystem()
    assert only(check_virtual_microphone, machine(tmp_path, sound=lambda: sound)).text == "avatard microphone"
    sound.unplug(VIRTUAL_MICROPHONE)
    finding = only(check_virtual_microphone, machine(tmp_path, sound=lambda: sound))
    assert finding.level is Level.OK
    assert "while avatard runs" in finding.text


def test_other_programs_would_play_into_the_call(tmp_path: Path) -> None:
    sound = FakeSystem()
    sound.plug(replace(VIRTUAL_MICROPHONE, default=True))
    finding = only(check_virtual_microphone, machine(tmp_path, sound=lambda: sound))

    assert finding.level is Level.WARN
    assert "other programs" in finding.text


@pytest.mark.parametrize(("platform", "words"), [("win32", "vb-audio.com/Cable"), ("darwin", "brew install blackhole")])
def test_the_virtual_microphone_of_other_makers(tmp_path: Path, platform: str, words: str) -> None:
    sound = FakeSystem()
    system = machine(tmp_path, platform=platform, sound=lambda: sound)
    assert only(check_virtual_microphone, system).level is Level.OK
    sound.unplug(VIRTUAL_MICROPHONE)
    finding = only(check_virtual_microphone, system)
    assert (finding.level, finding.error) == (Level.WARN, AudioError)
    assert words in finding.fix + finding.advice


def test_another_output_needs_no_virtual_microphone(tmp_path: Path) -> None:
    system = machine(tmp_path, sound=FakeSystem, settings=lambda: Config(audio=AudioConfig(output="none")))

    assert only(check_virtual_microphone, system).text == "not used: audio.output is none"


def test_one_finding_is_enough_where_there_is_no_sound(tmp_path: Path) -> None:
    assert list(check_virtual_microphone(machine(tmp_path, sound=lambda: NO_SERVER))) == []


def test_kinds_that_a_user_hears() -> None:
    heard = {kind for kind in Kind if SoundDevice("", "", kind).plays}
    assert heard == {Kind.SPEAKER, Kind.HEADPHONES}
