"""Sound on Windows and macOS: by PortAudio, through `sounddevice`, whose wheels bring it along.

PortAudio reads the list of devices when it starts, and must be quiet to start anew: a device that comes while another
one plays is found once that one has been closed.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache
from typing import Any, Final

from avatard.audio.devices import CABLE_NAMES, INSTALL_VIRTUAL, VIRTUAL_NAMES, Kind, SoundDevice
from avatard.audio.portaudio_stream import InUse, PortAudioPlayback, PortAudioRecording
from avatard.errors import AudioError

INSTALL: Final = "sudo apt install libportaudio2"
#: Of the several ways to one device on Windows: mixed by Windows itself, and it knows its times best.
PREFERRED: Final = "Windows WASAPI"
_WORN: Final = ("headphone", "headset", "airpods", "earphone")
_LOOK_S: Final = 0.25
#: Among several threads that import, one may be given a module that another has not finished.
_IMPORTING: Final = threading.Lock()


class PortAudio:
    """A `SoundSystem`. Constructing it raises AudioError where the library is not installed.

    library: the module `sounddevice`, or what stands in for it.
    """

    def __init__(self, library: Any = None) -> None:
        self._library = library or _sounddevice()
        self._in_use = _in_use(self._library)

    def devices(self) -> Sequence[SoundDevice]:
        with self._in_use.lock:
            return [device for device, _ in self._numbered()]

    def virtual_microphone(self) -> SoundDevice:
        for device in self.devices():
            if device.kind is Kind.VIRTUAL_MICROPHONE:
                return device
        raise AudioError("there is no virtual microphone", INSTALL_VIRTUAL.get(sys.platform, ""), retryable=True)

    def release(self) -> None:
        pass  # it is another maker's, and stays

    def playback(self, device: SoundDevice, latency_s: float) -> PortAudioPlayback:
        return PortAudioPlayback(self._library, lambda: self._number(device), device.name, latency_s, self._in_use)

    def recording(self, device: SoundDevice) -> PortAudioRecording:
        return PortAudioRecording(self._library, lambda: self._number(device), device.name, self._in_use)

    def watch(self, changed: Callable[[], None], on: Callable[[], bool]) -> None:
        while on():  # PortAudio tells of no change; devices that are lost are tried again by their threads
            time.sleep(_LOOK_S)

    def _number(self, wanted: SoundDevice) -> int:
        for device, number in self._numbered():
            if (device.name, device.kind) == (wanted.name, wanted.kind):
                return number
        raise AudioError(f"{wanted.name} has gone", "Plug it in again.", retryable=True)

    def _start(self) -> None:
        try:
            self._library._initialize()
        except self._library.PortAudioError as e:
            raise AudioError(f"PortAudio does not start: {e}", "Is sound switched on?", retryable=True) from e

    def _numbered(self) -> list[tuple[SoundDevice, int]]:
        """Each device twice where it both plays and records, with PortAudio's number of it, which changes."""
        if not self._in_use.streams:
            with suppress(self._library.PortAudioError):  # it was not in use, or could not start the last time
                self._library._terminate()
            self._start()
        apis = self._library.query_hostapis()
        if not apis:
            return []
        api = next((api for api in apis if api["name"] == PREFERRED), apis[0])
        found = []
        for number in api["devices"]:
            told = self._library.query_devices(number)
            if told["max_output_channels"]:
                default = number == api["default_output_device"]
                found.append((SoundDevice(told["name"], told["name"], _kind(told["name"]), default), number))
            if told["max_input_channels"] and not _is_virtual(told["name"]):
                default = number == api["default_input_device"]
                found.append((SoundDevice(told["name"], told["name"], Kind.MICROPHONE, default), number))
        return found


@cache
def _in_use(library: Any) -> InUse:
    """The same for all who use that library."""
    return InUse()


def _kind(name: str) -> Kind:
    """Of what plays."""
    if _is_virtual(name):
        return Kind.VIRTUAL_MICROPHONE
    if any(known in name.casefold() for known in CABLE_NAMES):
        return Kind.CABLE
    return Kind.HEADPHONES if any(word in name.casefold() for word in _WORN) else Kind.SPEAKER


def _is_virtual(name: str) -> bool:
    """Whether it is a virtual microphone of another maker. Its recording side is the call's, never ours."""
    return any(known in name for known in VIRTUAL_NAMES)


def _sounddevice() -> Any:
    try:
        with _IMPORTING:
            import sounddevice
    except OSError as e:  # no wheel brings the library on Linux
        raise AudioError("PortAudio is not installed", INSTALL) from e
    return sounddevice
