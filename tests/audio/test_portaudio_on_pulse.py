"""PortAudio itself, whose way to a device is here ALSA's plugin for PulseAudio."""

from __future__ import annotations

import ctypes.util
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from avatard.audio.pulse_server import connected
from avatard.bench.private_sound import MICROPHONE, VOICE
from avatard.errors import AudioError
from avatard.utterance import Pcm
from tests.audio.parec import noise, recording, until
from tests.audio.sound_servers import SERVERS, running
from tests.output.private_pipewire import CURE

_PLUGIN = any(Path("/usr/lib").glob("*/alsa-lib/libasound_module_pcm_pulse.so"))
_THERE = ctypes.util.find_library("portaudio") and _PLUGIN

pytestmark = [
    pytest.mark.audio,
    pytest.mark.skipif(not _THERE, reason=f"needs PortAudio and ALSA's PulseAudio plugin: {CURE}"),
    *SERVERS[0].marks,
]


def test_it_plays_hears_and_notices_a_loss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from avatard.audio.portaudio import PortAudio

    monkeypatch.setenv("PULSE_SINK", VOICE)
    monkeypatch.setenv("PULSE_SOURCE", MICROPHONE)
    said = np.concatenate((noise(1), np.zeros(480_000, np.int16)))
    taken = 0
    heard: list[Pcm] = []
    ahead: list[int] = []

    def take(count: int, heard_ns: int) -> Pcm:
        nonlocal taken
        taken += count
        ahead.append(heard_ns - time.monotonic_ns())
        return said[taken - count : taken]

    with running("pulseaudio", tmp_path, monkeypatch) as server:
        system = PortAudio()
        speaker, microphone = (
            next(device for device in system.devices() if device.name == "pulse" and device.plays is plays)
            for plays in (True, False)
        )
        done = threading.Event()
        with system.recording(microphone) as recorder, recording(MICROPHONE) as call:
            listening = threading.Thread(
                target=recorder.record, args=(lambda pcm, spoken_ns: heard.append(pcm), lambda: not done.is_set())
            )
            listening.start()
            until(lambda: heard)
            with system.playback(speaker, 0.08) as playback:
                playback.play(take, lambda: call.find(said[:48_000]) < 0)
            until(lambda: np.concatenate(heard).tobytes().find(said[:24_000].tobytes()) >= 0)
            done.set()
            listening.join()
        assert 0 < np.median(ahead) < 0.3e9
        with system.playback(speaker, 0.08) as playback:
            with connected() as pulse:
                assert pulse.sink_input_list()
            threading.Timer(0.3, server.end).start()
            with pytest.raises(AudioError, match="pulse has gone"):
                playback.play(lambda count, heard_ns: np.zeros(count, np.int16), lambda: True)
