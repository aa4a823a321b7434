"""Sound devices by name: which there are, and which one a setting means. Names are stable; numbers are not."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from avatard.errors import AudioError


class Kind(enum.Enum):
    """What a device is to its user."""

    MICROPHONE = "microphone"
    SPEAKER = "speaker"
    HEADPHONES = "headphones"
    VIRTUAL_MICROPHONE = "virtual microphone"  #: what goes into a call; played to as if it were a speaker
    CABLE = "virtual cable"  #: another maker's, or a mixer: who hears it is not known, it may well be a call


@dataclass(frozen=True, slots=True)
class SoundDevice:
    """One device. name: what the system knows it by. description: what people call it; the same name elsewhere than on
    Linux. default: what the system takes where a program names none."""

    name: str
    description: str
    kind: Kind
    default: bool = False

    @property
    def plays(self) -> bool:
        """Whether a user hears it."""
        return self.kind in (Kind.SPEAKER, Kind.HEADPHONES)


#: Parts of the names of other makers' virtual microphones: VB-CABLE's two sides, and BlackHole.
VIRTUAL_NAMES: Final = ("CABLE Input", "CABLE Output", "BlackHole")
#: And of their cables and mixers, in any case.
CABLE_NAMES: Final = ("vb-audio", "voicemeeter")
INSTALL_VIRTUAL: Final = {
    "win32": "Install VB-CABLE from https://vb-audio.com/Cable (free), then restart. In the call choose CABLE Output.",
    "darwin": "brew install blackhole-2ch   # then restart, and in the call choose BlackHole 2ch",
}


def find(devices: Sequence[SoundDevice], wanted: str, what: str) -> SoundDevice:
    """The one of `devices` that `wanted` means: "default", a name, or a part of one. what: what they are, in one word.

    Raises AudioError when there is none, or more than one.
    """
    if wanted == "default":
        chosen = next((device for device in devices if device.default), None) or next(iter(devices), None)
        if chosen is None:
            raise AudioError(
                f"there is no {what}", "Plug one in; `avatard devices` lists what is there.", retryable=True
            )
        return chosen
    asked = wanted.casefold()
    exact = [device for device in devices if asked in (device.name.casefold(), device.description.casefold())]
    found = exact or [device for device in devices if asked in f"{device.name}\n{device.description}".casefold()]
    if len(found) == 1:
        return found[0]
    listed = "\n".join(f"  {device.name}  {device.description}" for device in found or devices)
    if found:
        raise AudioError(f"more than one {what} is called {wanted!r}", f"Say which:\n{listed}")
    hint = f"There is:\n{listed}" if listed else "There is none at all."
    raise AudioError(f"no {what} is called {wanted!r}", hint, retryable=True)
