"""Sound: whether it can be played and heard, and what carries it into a call."""

from __future__ import annotations

from collections.abc import Iterator

from avatard.audio.choice import Choice
from avatard.audio.devices import INSTALL_VIRTUAL, Kind
from avatard.doctor.distribution import Wanted, install
from avatard.doctor.finding import Finding, Level, mended
from avatard.doctor.system import System
from avatard.errors import AudioError

SOUND = "sound"
VIRTUAL_MICROPHONE = "virtual mic"
#: Without it the picture goes on, so none of this is ever worse than a warning.
BAD = Level.WARN
_SERVERS = (
    ("pipewire-pulse", "systemctl --user enable --now pipewire-pulse.socket wireplumber"),
    ("pulseaudio", "systemctl --user enable --now pulseaudio.socket"),
)


def check_sound(system: System) -> Iterator[Finding]:
    """The library, the sound server, and the devices that the settings name."""
    sound = system.sound()
    try:
        devices = sound.devices()
    except AudioError as e:
        yield Finding(SOUND, BAD, e.message, _fix(system, e), error=AudioError)
        return
    choice = Choice(system.config.audio, sound)
    problems = choice.problems()
    if problems:
        yield from (mended(SOUND, BAD, problem.message, problem) for problem in problems)
        return
    microphones = sum(device.kind is Kind.MICROPHONE for device in devices)
    speakers = sum(device.plays for device in devices)
    text = f"microphones: {microphones}, speakers and headphones: {speakers}"
    if not choice.ears() and system.config.audio.monitor != "none":
        yield Finding(
            SOUND, BAD, text, advice="Private speech is heard by nobody: plug in headphones.", error=AudioError
        )
    else:
        yield Finding(SOUND, Level.OK, text)


def check_virtual_microphone(system: System) -> Iterator[Finding]:
    """What a call records: made by avatard on Linux, another maker's elsewhere."""
    if system.config.audio.output != "auto":
        yield Finding(VIRTUAL_MICROPHONE, Level.OK, f"not used: audio.output is {system.config.audio.output}")
        return
    try:
        devices = system.sound().devices()
    except AudioError:
        return  # a finding of the other check
    found = next((device for device in devices if device.kind is Kind.VIRTUAL_MICROPHONE), None)
    if system.platform == "linux" and found and found.default:
        text = "the only speaker there is: what other programs play goes into the call"
        yield Finding(VIRTUAL_MICROPHONE, BAD, text, advice="Plug in headphones, and choose them.", error=AudioError)
    elif system.platform == "linux":
        text = "avatard microphone" if found else "made while avatard runs: choose avatard microphone in the call"
        yield Finding(VIRTUAL_MICROPHONE, Level.OK, text)
    elif found:
        yield Finding(VIRTUAL_MICROPHONE, Level.OK, found.name)
    else:
        line = INSTALL_VIRTUAL.get(system.platform, "")
        fix, advice = (line, "") if line.startswith("brew") else ("", line)
        yield Finding(VIRTUAL_MICROPHONE, BAD, "not installed: no call can hear avatard", fix, advice, AudioError)


def _fix(system: System, e: AudioError) -> str:
    """Lines to paste for a missing library or server of Linux; elsewhere the error's own."""
    if system.platform != "linux":
        return e.hint
    if not e.retryable:
        return install(system, Wanted.PULSE_LIBRARY)
    for program, start in _SERVERS:
        if (system.root / "usr/bin" / program).exists():
            return start
    return f"{install(system, Wanted.SOUND_SERVER)}\n{_SERVERS[0][1]}"
