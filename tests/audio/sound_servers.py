"""Sound servers of the tests' own, PulseAudio and PipeWire, with the same devices."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import pytest

from avatard.audio.pulse_server import connected
from avatard.bench.private_sound import DEVICES, PrivateSound
from tests.output.private_pipewire import CURE, MISSING, PrivatePipeWire


def _needs(*programs: str, missing: Sequence[str] = ()) -> pytest.MarkDecorator:
    absent = [*missing, *(program for program in programs if shutil.which(program) is None)]
    return pytest.mark.skipif(bool(absent), reason=f"needs {', '.join(absent)}: {CURE}")


needs_pulseaudio = _needs("pulseaudio", "parec", "paplay")
needs_pipewire = _needs("pipewire-pulse", "parec", "paplay", missing=MISSING)
SERVERS = [pytest.param("pulseaudio", marks=needs_pulseaudio), pytest.param("pipewire", marks=needs_pipewire)]


class SoundServer(Protocol):
    """One that runs; it can crash and be started anew."""

    def start(self) -> None: ...

    def end(self) -> None: ...


class PipeWireSound:
    """PipeWire's own server of PulseAudio's protocol."""

    def __init__(self, pipewire: PrivatePipeWire) -> None:
        self._pipewire = pipewire
        self.socket = pipewire.folder / "pulse" / "native"

    def start(self) -> None:
        self._pipewire.start("pipewire-pulse")
        self._pipewire.until_there(self.socket, "pipewire-pulse")
        with connected() as pulse:
            for device in DEVICES:
                pulse.module_load(*device.split(" ", 1))

    def end(self) -> None:
        self._pipewire.end("pipewire-pulse")
        self.socket.unlink(missing_ok=True)


@contextmanager
def running(kind: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SoundServer]:
    """A server in `folder`, to which this process and its children speak."""
    if kind == "pulseaudio":
        with PrivateSound(folder) as server:
            monkeypatch.setenv("PULSE_SERVER", f"unix:{server.socket}")
            yield server
        return
    with PrivatePipeWire(folder) as pipewire:
        sound = PipeWireSound(pipewire)
        monkeypatch.setenv("PULSE_SERVER", f"unix:{sound.socket}")
        sound.start()
        yield sound
