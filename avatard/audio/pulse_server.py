"""What the sound server of Linux says of its devices: PulseAudio, or PipeWire in its place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from avatard.audio.devices import Kind, SoundDevice
from avatard.audio.pulse_library import INSTALL
from avatard.errors import AudioError

#: Our own virtual microphone: a sink that is played to, and the source that a call records.
SINK: Final = "avatard_call"
SOURCE: Final = "avatard_microphone"
START: Final = "systemctl --user start pipewire-pulse   # or: pulseaudio --start"
REFUSED: Final = "Its log says why: journalctl --user -u pipewire-pulse -u pulseaudio"
_WORN: Final = ("headphone", "headset", "hands-free")


@contextmanager
def connected() -> Iterator[Any]:
    """A connection for control, a `pulsectl.Pulse`. Whatever goes wrong in it is an AudioError."""
    try:
        import pulsectl
    except ImportError as e:
        raise AudioError("pulsectl is not installed", "pip install pulsectl") from e
    except OSError as e:
        raise AudioError("PulseAudio's library is not installed", INSTALL) from e
    try:
        with pulsectl.Pulse("avatard", connect=False) as pulse:
            pulse.connect()  # with a timeout it would always wait for all of it
            yield pulse
    except pulsectl.PulseOperationFailed as e:
        raise AudioError("the sound server refuses what avatard needs", REFUSED, retryable=True) from e
    except (pulsectl.PulseError, pulsectl.PulseDisconnected) as e:
        raise AudioError("no sound server answers", START, retryable=True) from e


def sound_devices() -> list[SoundDevice]:
    """All devices of the server. Raises AudioError where none answers."""
    with connected() as pulse:
        server = pulse.server_info()
        sources = [
            SoundDevice(source.name, source.description, Kind.MICROPHONE, source.name == server.default_source_name)
            for source in pulse.source_list()
            if source.monitor_of_sink == NO_SINK and source.name != SOURCE
        ]
        sinks = [
            SoundDevice(sink.name, sink.description, _kind(sink), sink.name == server.default_sink_name)
            for sink in pulse.sink_list()
        ]
    return sources + sinks


#: What a source that is no sink's monitor says: -1 as the library has it.
NO_SINK: Final = 0xFFFFFFFF


def _kind(sink: Any) -> Kind:
    if sink.name == SINK:
        return Kind.VIRTUAL_MICROPHONE
    port = sink.port_active.name if sink.port_active else ""
    words = f"{port} {sink.proplist.get('device.form_factor', '')} {sink.description}".casefold()
    return Kind.HEADPHONES if any(word in words for word in _WORN) else Kind.SPEAKER
