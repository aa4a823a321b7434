"""The virtual microphone that avatard makes itself on Linux: a sink nobody hears, and a source that gives what it got.

PulseAudio and PipeWire alike. They keep it when avatard is killed, and the call goes on recording it: the next avatard
finds it by its name and plays on.
"""

from __future__ import annotations

import logging
import os
from typing import Any, Final

from avatard.audio.pulse_server import SINK, SOURCE, connected
from avatard.errors import AudioError
from avatard.utterance import RATE

log = logging.getLogger("avatard.audio")

#: What people choose in a call.
DESCRIPTION: Final = "avatard microphone"
#: One channel at our own rate: no sample is converted between us and the call.
_FORMAT: Final = f"rate={RATE} channels=1 channel_map=mono"
_SINK_ARGUMENTS: Final = (
    f"sink_name={SINK} {_FORMAT} norewinds=1 sink_properties='device.description=\"avatard (into the call)\"'"
)
_SOURCE_ARGUMENTS: Final = (
    f"source_name={SOURCE} master={SINK}.monitor {_FORMAT} "
    f"source_properties='device.description=\"{DESCRIPTION}\" device.icon_name=audio-input-microphone'"
)


def ensure() -> str:
    """Make it, or adopt what a killed avatard left. The name of the sink to play to.

    Raises AudioError where no server answers, or another avatard plays to it.
    """
    with connected() as pulse:
        before = pulse.server_info()
        if process := _user(pulse):
            message = f"another avatard uses the virtual microphone (process {process})"
            raise AudioError(message, "Stop it first.", retryable=True)
        if not _modules(pulse, _SINK_ARGUMENTS):
            _unload(pulse, _SOURCE_ARGUMENTS)  # of a sink that is gone: it would stay silent
            pulse.module_load("module-null-sink", _SINK_ARGUMENTS)
        if not _modules(pulse, _SOURCE_ARGUMENTS):
            pulse.module_load("module-remap-source", _SOURCE_ARGUMENTS)
            log.info("made the virtual microphone %r", DESCRIPTION)
        _keep_defaults(pulse, before)
    return SINK


def remove() -> None:
    """Take it away, unless another avatard plays to it by now. Raises AudioError where no server answers."""
    with connected() as pulse:
        if not _user(pulse):
            _unload(pulse, _SOURCE_ARGUMENTS)
            _unload(pulse, _SINK_ARGUMENTS)


def _modules(pulse: Any, arguments: str) -> list[int]:
    """The modules that give the device of these arguments. PipeWire's devices come and go later than their modules."""
    name = arguments.split()[0]
    return [module.index for module in pulse.module_list() if name in (module.argument or "").split()]


def _unload(pulse: Any, arguments: str) -> None:
    for index in _modules(pulse, arguments):
        pulse.module_unload(index)


def _named(devices: list[Any], name: str) -> Any:
    return next((device for device in devices if device.name == name), None)


def _user(pulse: Any) -> int:
    """The other avatard that plays to it; 0 when none does. A dead one's streams are gone with it."""
    sink = _named(pulse.sink_list(), SINK)
    for stream in pulse.sink_input_list() if sink is not None else ():
        process = int(stream.proplist.get("application.process.id") or 0)
        named = stream.proplist.get("application.name") == "avatard"
        if stream.sink == sink.index and named and process != os.getpid():
            return process
    return 0


def _keep_defaults(pulse: Any, before: Any) -> None:
    """Some servers make the newest device the default one: programs would then play into the call."""
    after = pulse.server_info()
    for was, now, ours, devices in (
        (before.default_sink_name, after.default_sink_name, SINK, pulse.sink_list),
        (before.default_source_name, after.default_source_name, SOURCE, pulse.source_list),
    ):
        other = _named(devices(), was)
        if now == ours and was != ours and other is not None:
            pulse.default_set(other)
