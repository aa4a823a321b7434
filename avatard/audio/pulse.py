"""Sound on Linux: by its sound server, PulseAudio or PipeWire."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Final

from avatard.audio import pulse_server, virtual_microphone
from avatard.audio.devices import Kind, SoundDevice
from avatard.audio.pulse_library import library
from avatard.audio.pulse_playback import PulsePlayback
from avatard.audio.pulse_recording import PulseRecording
from avatard.errors import AudioError

_LOOK_S: Final = 0.25
_AWAY_S: Final = 1.0


class Pulse:
    """A `SoundSystem`. Constructing it raises AudioError where its library is not installed."""

    def __init__(self) -> None:
        library()

    def devices(self) -> Sequence[SoundDevice]:
        return pulse_server.sound_devices()

    def virtual_microphone(self) -> SoundDevice:
        return SoundDevice(virtual_microphone.ensure(), virtual_microphone.DESCRIPTION, Kind.VIRTUAL_MICROPHONE)

    def release(self) -> None:
        virtual_microphone.remove()

    def playback(self, device: SoundDevice, latency_s: float) -> PulsePlayback:
        return PulsePlayback(device.name, device.description, latency_s)

    def recording(self, device: SoundDevice) -> PulseRecording:
        return PulseRecording(device.name, device.description)

    def watch(self, changed: Callable[[], None], on: Callable[[], bool]) -> None:
        while on():
            with suppress(AudioError), pulse_server.connected() as pulse:
                self._listen(pulse, changed, on)
            end = time.monotonic() + _AWAY_S
            while on() and time.monotonic() < end:
                time.sleep(_LOOK_S)

    def _listen(self, pulse: Any, changed: Callable[[], None], on: Callable[[], bool]) -> None:
        news: list[Any] = []
        pulse.event_mask_set("server", "sink", "source")
        pulse.event_callback_set(news.append)
        changed()  # whatever happened before
        while on():
            pulse.event_listen(timeout=_LOOK_S)
            if any(event.t != "change" or event.facility == "server" for event in news):
                changed()
            news.clear()
