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


#: By role: its setting, what its devices are called, and which they are.
_ROLES: Final[dict[str, tuple[str, str, Callable[[SoundDevice], bool]]]] = {
    "call": ("output", "sound output", lambda device: device.kind is not Kind.MICROPHONE),
    "monitor": ("monitor", "speaker", lambda device: device.plays),
    "microphone": ("microphone", "microphone", lambda device: device.kind is Kind.MICROPHONE),
}


class Choice:
    """`of` raises AudioError where the device is not there, and NotWantedError where the settings say "none"."""

    def __init__(self, config: AudioConfig, system: SoundSystem) -> None:
        self._config = config
        self._system = system

    def of(self, role: str) -> SoundDevice:
        """For "call", what goes into it: also a loudspeaker, for a call that listens to the room. For "monitor", what
        the user hears: never what goes into the call, though it may be the system's default, since private speech is
        played here. For "microphone", what the user speaks into."""
        if role == "call" and self._config.output == "auto":
            return self._system.virtual_microphone()
        setting, what, fits = _ROLES[role]
        wanted = getattr(self._config, setting)
        if wanted == "none":
            raise NotWantedError(f"audio.{setting} is none", f"avatard config set audio.{setting} DEVICE")
        return find([device for device in self._system.devices() if fits(device)], wanted, what)

    def problems(self) -> list[AudioError]:
        """What is wrong with the names in the settings; nothing where no sound system answers. Retryable: a device that
        is not there now, and may be plugged in later."""
        try:
            self._system.devices()
        except AudioError:
            return []
        found = []
        for role, (setting, _, _) in _ROLES.items():
            try:
                if getattr(self._config, setting) not in ("auto", "default", "none"):
                    self.of(role)
            except AudioError as e:
                found.append(e)
        return found
