"""The sound server that the measurement speaks to: the user's own, or where none runs one of the bench's own."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from avatard.audio.pulse_server import connected
from avatard.bench.private_sound import PrivateSound
from avatard.errors import AudioError


@contextmanager
def sound_server() -> Iterator[str]:
    """What it calls itself, while this process and its children are led to one. Raises AudioError where there is none
    and PulseAudio is not installed either."""
    if own := _own():
        yield own
        return
    former = os.environ.get("PULSE_SERVER")
    with tempfile.TemporaryDirectory(prefix="avatard-sound-") as folder, PrivateSound(Path(folder)) as server:
        os.environ["PULSE_SERVER"] = f"unix:{server.socket}"
        try:
            yield f"{_name()}, private"
        finally:
            del os.environ["PULSE_SERVER"]
            if former is not None:
                os.environ["PULSE_SERVER"] = former


def _own() -> str:
    """The name of the user's server; "" where none answers."""
    try:
        return _name()
    except AudioError as e:
        if e.retryable:
            return ""
        raise


def _name() -> str:
    with connected() as pulse:
        return str(pulse.server_info().server_name)
