"""Which devices the settings mean, among those that are there."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from avatard.audio.device_thread import NotWantedError
from avatard.audio.devices import Kind, find
from avatard.errors import AudioError

if TYPE_CHECKING:
    from avatard.audio.devices import SoundDevice
    from avatard.audio.system import SoundSystem
    from avatard.config import AudioConfig


#: By role: its setting, and what its devices are called.
_ROLES: Final = {
    "call": ("output", "sound output"),
    "monitor": ("monitor", "speaker"),
    "microphone": ("microphone", "microphone"),
}


class Choice:
    """`of` raises AudioError where the device is not there, and NotWantedError where the settings say "none"."""

    def __init__(self, config: AudioConfig, system: SoundSystem) -> None:
        self._config = config
        self._system = system

    def of(self, role: str) -> SoundDevice:
        """For "call", what goes into it: also a loudspeaker, for a call that listens to the room. For "monitor", one
        of `ears`. For "microphone", what the user speaks into."""
        if role == "call" and self._config.output == "auto":
            return self._system.virtual_microphone()
        setting, what = _ROLES[role]
        wanted = getattr(self._config, setting)
        if wanted == "none":
            raise NotWantedError(f"audio.{setting} is none", f"avatard config set audio.{setting} DEVICE")
        return find(self._fitting(role), wanted, what)

    def ears(self) -> list[SoundDevice]:
        """What the user hears: never what goes into the call, though it may be the system's default, since private
        speech is played here."""
        call = ""
        if self._config.output != "auto":
            with suppress(AudioError):
                call = self.of("call").name
        return [device for device in self._system.devices() if device.plays and device.name != call]

    def problems(self) -> list[AudioError]:
        """What is wrong with the names in the settings; nothing where no sound system answers. Retryable: a device that
        is not there now, and may be plugged in later."""
        try:
            self._system.devices()
        except AudioError:
            return []
        found = []
        for role, (setting, _) in _ROLES.items():
            try:
                if getattr(self._config, setting) not in ("auto", "default", "none"):
                    self.of(role)
            except AudioError as e:
                found.append(e)
        return found

    def _fitting(self, role: str) -> list[SoundDevice]:
        if role == "monitor":
            return self.ears()
        hears = role == "microphone"
        return [device for device in self._system.devices() if (device.kind is Kind.MICROPHONE) is hears]
