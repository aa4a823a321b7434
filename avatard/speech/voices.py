"""Which voices there are, and how each is run."""

from __future__ import annotations

import difflib
import functools
from dataclasses import dataclass, field
from typing import Final

from avatard.errors import AudioError
from avatard.speech.clauses import Lengths
from avatard.speech.worker_process import WorkerLostError, WorkerProcess

_ESPEAK_LICENCE: Final = "GPL-3.0-or-later"
#: espeak-ng is a thousand times faster than speech: only what is long beyond reason is cut.
_ESPEAK_LENGTHS: Final = Lengths(first=200, most=300)


@dataclass(frozen=True, slots=True)
class Entry:
    """One voice. id: what settings and commands call it. language: espeak-ng's code. rights: who may use it for what.
    installed: whether it can speak now. command: ENGINE VOICE… of the worker."""

    id: str
    name: str
    language: str
    engine: str
    licence: str
    rights: str
    installed: bool
    command: tuple[str, ...] = field(repr=False)
    lengths: Lengths = field(default=_ESPEAK_LENGTHS, repr=False)
    #: Seconds that a clause may take, and more for each character: ten times what it takes on a slow machine.
    patience: tuple[float, float] = field(default=(3.0, 0.01), repr=False)

    def patience_s(self, characters: int) -> float:
        """Seconds after which a worker that has not said so many characters hangs."""
        return self.patience[0] + characters * self.patience[1]


def voices() -> tuple[Entry, ...]:
    """All voices. Raises AudioError where espeak-ng, which is always there, is not."""
    return tuple(_espeak(code, name) for code, name, _ in _espeak_voices())


def find(name: str) -> Entry:
    """The voice of that name; espeak-ng's may have a variant behind a "+". Raises AudioError."""
    wanted = name.strip()
    known = {entry.id.lower(): entry for entry in voices()}
    if wanted.lower() in known:
        return known[wanted.lower()]
    base, plus, variant = wanted.partition("+")
    if plus and base.lower() in known:
        entry = known[base.lower()]
        return _espeak(f"{entry.id}+{variant}", f"{entry.name}, {variant}")
    close = difflib.get_close_matches(wanted.lower(), known, 3, 0.5)
    near = f"Did you mean {' or '.join(known[c].id for c in close)}? " if close else ""
    raise AudioError(f"there is no voice {name!r}", f"{near}avatard voice list shows them all.")


def _espeak(voice: str, name: str) -> Entry:
    return Entry(voice, name, voice.partition("+")[0], "espeak-ng", _ESPEAK_LICENCE, "", True, ("espeak", voice))


@functools.cache
def _espeak_voices() -> tuple[tuple[str, str, str], ...]:
    worker = WorkerProcess(("list",))
    try:
        return worker.listing().voices
    except WorkerLostError as e:
        raise AudioError("espeak-ng does not run", "Install avatard again.") from e
    finally:
        worker.kill()
