"""Which devices the settings mean, among those that are there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from avatard.audio.device_thread import NotWantedError
from avatard.audio.devices import Kind, find
from avatard.errors import AudioError

if TYPE_CHECKING:
    from avatard.audio.devices import SoundDevice
    from avatard.audio.system import SoundSystem
    from avatard.config import AudioConfig


#: What a setting's devices are called when none is found.
_WHAT: Final = {"output": "sound output", "monitor": "speaker", "microphone": "microphone"}


class Choice:
    """Each method raises AudioError where the device is not there, and NotWantedError where the settings say "none"."""

    def __init__(self, config: AudioConfig, system: SoundSystem) -> None:
        self._config = config
        self._system = system

    def call(self) -> SoundDevice:
        """What goes into the call. May be a loudspeaker, for a call that listens to the room."""
        if self._config.output == "auto":
            return self._system.virtual_microphone()
        return self._find("output", lambda device: device.kind is not Kind.MICROPHONE)

    def monitor(self) -> SoundDevice:
        """What the user hears. Never what goes into the call, though it may be the system's default: private speech
        is played here."""
        return self._find("monitor", lambda device: device.plays)

    def microphone(self) -> SoundDevice:
        """What the user speaks into."""
        return self._find("microphone", lambda device: device.kind is Kind.MICROPHONE)

    def check(self) -> None:
        """Raise AudioError for a name that no device has, or several; nothing where no sound system answers."""
        try:
            self._system.devices()
        except AudioError:
            return
        for setting, choose in (("output", self.call), ("monitor", self.monitor), ("microphone", self.microphone)):
            if getattr(self._config, setting) not in ("auto", "default", "none"):
                choose()

    def _find(self, setting: str, fits: Callable[[SoundDevice], bool]) -> SoundDevice:
        wanted = getattr(self._config, setting)
        if wanted == "none":
            raise NotWantedError(f"audio.{setting} is none", f"avatard config set audio.{setting} DEVICE")
        return find([device for device in self._system.devices() if fits(device)], wanted, _WHAT[setting])
