"""The sound of one operating system: its devices, and the streams to and from them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from avatard.errors import AudioError

if TYPE_CHECKING:
    from avatard.audio.device import Playback, Recording
    from avatard.audio.devices import SoundDevice


class SoundSystem(Protocol):
    """Any thread. What fails is an AudioError."""

    def devices(self) -> Sequence[SoundDevice]:
        """All devices, now."""

    def virtual_microphone(self) -> SoundDevice:
        """What is played to for a call to hear it; made where that can be done, and whenever it has gone."""

    def release(self) -> None:
        """Take away what `virtual_microphone` made."""

    def playback(self, device: SoundDevice, latency_s: float) -> Playback:
        """A stream to `device`, not yet opened. latency_s: how much sound it keeps ahead of what is heard."""

    def recording(self, device: SoundDevice) -> Recording:
        """A stream from `device`, not yet opened."""

    def watch(self, changed: Callable[[], None], on: Callable[[], bool]) -> None:
        """Call `changed` whenever devices or defaults may have changed, for as long as `on` says so."""


class NoSound:
    """The `SoundSystem` of a machine that has none. why: raised whenever a device is asked for."""

    def __init__(self, why: AudioError) -> None:
        self._why = why

    def devices(self) -> Sequence[SoundDevice]:
        raise self._why

    def virtual_microphone(self) -> SoundDevice:
        raise self._why

    def release(self) -> None:
        pass

    def playback(self, device: SoundDevice, latency_s: float) -> Playback:
        raise self._why

    def recording(self, device: SoundDevice) -> Recording:
        raise self._why

    def watch(self, changed: Callable[[], None], on: Callable[[], bool]) -> None:
        pass


def open_system() -> SoundSystem:
    """The sound of this machine. Where there is none, devices are asked for in vain, and say why."""
    try:
        return _opened(sys.platform)
    except AudioError as e:
        return NoSound(e)


def _opened(platform: str) -> SoundSystem:
    if platform == "linux":
        from avatard.audio.pulse import Pulse

        return Pulse()
    from avatard.audio.portaudio import PortAudio

    return PortAudio()
