"""Clauses that were said before, in memory alone: typed text never lands on a disk."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final, TypeAlias

from avatard.utterance import Pcm, Phoneme

#: Three minutes of sound.
MAX_BYTES: Final = 16 << 20

Key: TypeAlias = tuple[object, ...]
"""All that the sound depends on but for the voice: text, pronunciations, rate, pitch, language."""


@dataclass(frozen=True, slots=True)
class Sounding:
    """A clause as the engine made it, at full volume. begins: (first, last, start in seconds) of its words."""

    pcm: Pcm
    phonemes: tuple[Phoneme, ...]
    begins: tuple[tuple[int, int, float], ...]


class ClauseCache:
    """The clauses said last, up to `max_bytes` of sound. One thread at a time."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._clauses: OrderedDict[Key, Sounding] = OrderedDict()

    def get(self, key: Key) -> Sounding | None:
        """The clause, which is then the last to go."""
        if key in self._clauses:
            self._clauses.move_to_end(key)
        return self._clauses.get(key)

    def put(self, key: Key, clause: Sounding) -> None:
        """Keep it; those unused longest make room. One that would take more than a quarter is not kept."""
        if 4 * clause.pcm.nbytes > self._max_bytes:
            return
        if (old := self._clauses.pop(key, None)) is not None:
            self._bytes -= old.pcm.nbytes
        self._clauses[key] = clause
        self._bytes += clause.pcm.nbytes
        while self._bytes > self._max_bytes:
            self._bytes -= self._clauses.popitem(last=False)[1].pcm.nbytes
