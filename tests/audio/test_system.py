from __future__ import annotations

import pytest

from avatard.audio import system
from avatard.audio.system import NoSound, open_system
from avatard.errors import AudioError
from tests.audio.absent import absent


@pytest.mark.parametrize(("platform", "backend"), [("linux", "Pulse"), ("win32", "PortAudio"), ("darwin", "PortAudio")])
def test_by_platform(platform: str, backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("avatard.audio.pulse.library", lambda: None)
    monkeypatch.setattr("avatard.audio.portaudio._sounddevice", object)
    assert type(system._opened(platform)).__name__ == backend


def test_a_library_that_is_missing_is_said_by_each_device(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(platform: str) -> None:
        raise AudioError("PulseAudio's library is not installed", "sudo apt install libpulse0")

    monkeypatch.setattr(system, "_opened", missing)
    silent = open_system()
    assert isinstance(silent, NoSound)
    for ask in (silent.devices, silent.virtual_microphone):
        with pytest.raises(AudioError, match="library is not installed"):
            ask()


def test_portaudio_says_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    absent(monkeypatch, "sounddevice", "PortAudio library not found")
    with pytest.raises(AudioError, match="PortAudio is not installed") as raised:
        system._opened("win32")
    assert raised.value.hint == "sudo apt install libportaudio2"
