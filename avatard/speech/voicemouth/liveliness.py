"""How loud somebody speaks, as movement: how much the mouth moves at all, how wide, and the head that goes with it."""

from __future__ import annotations

import numpy as np

from avatard.motion import UNIT, Driver
from avatard.speech.lips.shapes import TABLE, closed
from avatard.speech.voicemouth.heard import Moment
from avatard.spoken import Spoken

#: What a frame adds to the movement's size when it grows and when it falls: up in 25 ms, down in 100 ms.
OPENS, CLOSES = 0.35, 0.1
#: The head follows the beat (0.2 s) against the phrase (2 s): radians of nod and share of brows at the most.
BEAT, PHRASE, NOD, BROWS = 0.05, 0.005, 0.05, 0.3
#: Decibels about the voice's mean (of logarithms: vowels lie 10 over it) that count from nothing to the most.
QUIET_DB, LOUD_DB = -10.0, 22.0
#: A raised voice opens the mouth: its size at the quietest and the loudest.
SMALLEST, LARGEST = 0.75, 1.2


class Liveliness:
    """Followed frame by frame."""

    def __init__(self) -> None:
        self._loud = self._beat = self._phrase = 0.0

    def __call__(self, speaking: bool, over_db: float) -> tuple[float, float]:
        """`Moment.loud` and `Moment.nod` of a frame; over_db: loudness over the voice's mean."""
        target = 0.0
        if speaking:
            size = min(max((over_db - QUIET_DB) / (LOUD_DB - QUIET_DB), 0.0), 1.0)
            target = SMALLEST + (LARGEST - SMALLEST) * size
        self._loud += (target - self._loud) * (OPENS if target > self._loud else CLOSES)
        self._beat += (target - self._beat) * BEAT
        self._phrase += (target - self._phrase) * PHRASE
        return self._loud, min(max(self._beat - self._phrase, -1.0), 1.0)


def spoken(moment: Moment, share: float) -> Spoken:
    """The face of a moment, of whose mouth speech has `share`."""
    there = min(moment.loud, 1.0)
    units = closed((moment.shares @ TABLE) * np.float32(moment.loud), moment.lips * there, moment.teeth * there)
    units[UNIT["browInnerUp"]] += np.float32(BROWS * max(moment.nod, 0.0) * share)
    rotation = np.array([0.0, NOD * moment.nod * share, 0.0], np.float32)
    return Spoken(units.clip(0, 1).astype(np.float32), share, rotation, Driver.VOICE)
