"""What head, lids and brows do while somebody talks: small nods on stressed words, blinks where a clause ends.

All of it is a function of the seed, the clause's number and its sounds.
"""

# ruff: noqa: RUF001 (the marks are those of other scripts)
from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from avatard.easing import smoothstep
from avatard.motion import UNITS
from avatard.speech.lips.shapes import units

if TYPE_CHECKING:
    from avatard.utterance import Clause

#: Degrees that a stressed word nods, and seconds down and up again. Heads that talk go 2–4° up and down in all (Hadar
#: et al., "Head movement correlates of juncture and stress at sentence level", 1983).
NOD, NOD_DOWN_S, NOD_UP_S = 1.9, 0.16, 0.34
#: At most one nod in so many seconds, on this share of the stressed syllables.
NOD_EVERY_S, NODS = 0.75, 0.65
#: Brows go up with one nod in three.
BROWS: Final = 0.35
#: Seconds that a lid closes, rests and opens, and the share of clause ends at which it does; but not within
#: `BLINK_GAP_S` of the last time.
BLINK: Final = (0.07, 0.04, 0.16)
BLINKS, BLINK_GAP_S = 0.6, 1.2
#: At the end of a sentence the head comes down and settles.
SETTLE, SETTLE_DOWN_S, SETTLE_UP_S = 1.3, 0.3, 0.8
#: A question lifts brows and head towards its end.
QUESTION_S: Final = 0.55
#: Sways while talking: degrees of yaw, pitch and roll, and seconds of two sines each that do not meet.
SWAY: Final = np.radians([1.5, 0.7, 1.1])
PERIODS: Final = np.array([[3.7, 2.9, 4.6], [2.3, 1.9, 3.1]])
_BLINK = units(eyeBlink=1.0)
_RAISE = units(browInnerUp=0.45, browOuterUp=0.32)
#: Marks that end questions and sentences, in any script that espeak-ng speaks.
QUESTIONS: Final = frozenset("?？؟;՞፧")
STOPS: Final = frozenset(".!。！।۔።…")

Move: TypeAlias = npt.NDArray[np.float32]
"""3 + `len(UNITS)` float32: rotation and units, to be added to a face's own."""
Row: TypeAlias = tuple[float, float, float, float, Move]
"""One movement: its start, and how long it rises, stays and falls, seconds; and what it is."""


class Gestures:
    """Those of one clause, for times in seconds from the start of its sound.

    last_s: when the last is over. blink_s: the start of its last blink; `blinked_s` is that of the clause before it.
    """

    def __init__(self, clause: Clause, seed: int, number: int, lively: float, blinked_s: float) -> None:
        self._chance = np.random.default_rng((seed, number))
        self.blink_s = blinked_s
        rows = [*self._nods(clause, lively), *self._ends(clause, lively)]
        table = np.array([row[:4] for row in rows], np.float64).reshape(-1, 4)
        self._start, self._rise, self._hold, self._fall = table.T
        self._moves = np.array([row[4] for row in rows], np.float32).reshape(len(rows), 3 + len(UNITS))
        self.last_s = float(table.sum(1).max(initial=0))

    def at(self, t_s: float) -> Move:
        """Rotation and units at an instant."""
        since = t_s - self._start
        there = np.minimum(
            smoothstep(since / self._rise), 1 - smoothstep((since - self._rise - self._hold) / self._fall)
        )
        return np.asarray(there.astype(np.float32) @ self._moves)

    def _nods(self, clause: Clause, lively: float) -> Iterator[Row]:
        last_s = -NOD_EVERY_S
        for phoneme in clause.phonemes:
            if not phoneme.stressed or phoneme.start_s - last_s < NOD_EVERY_S:
                continue
            nods, size, aside, brows = self._chance.random(4)
            if nods > NODS:
                continue
            last_s = phoneme.start_s
            size = lively * (0.5 + 0.5 * size)
            turn = np.radians([0.6 * (2 * aside - 1), NOD, 0.5 * (1 - 2 * aside)]) * size
            # The deepest point is on the vowel: the head starts before it.
            yield max(last_s - 0.6 * NOD_DOWN_S, 0), NOD_DOWN_S, 0.02, NOD_UP_S, _move(turn)
            if brows < BROWS:
                yield max(last_s - 0.1, 0), 0.14, 0.12, 0.35, _move(raised=0.8 * size)

    def _ends(self, clause: Clause, lively: float) -> Iterator[Row]:
        end_s = clause.phonemes[-1].end_s if clause.phonemes else clause.seconds
        end_s = next((p.end_s for p in reversed(clause.phonemes) if p.symbol), end_s)
        blinks, when, down = self._chance.random(3)
        blink_s = end_s - 0.05 + 0.2 * when
        if blinks < BLINKS and blink_s - self.blink_s > BLINK_GAP_S:
            self.blink_s = blink_s
            yield blink_s, *BLINK, _move(blink=1.0)
        if clause.ending in QUESTIONS:
            start_s = max(end_s - QUESTION_S, 0)
            yield start_s, 0.3, max(end_s - start_s - 0.2, 0.05), 0.45, _move(np.radians([0, -1.4, 1.2]) * lively, 1.0)
        elif clause.ending in STOPS:
            yield end_s - 0.2, SETTLE_DOWN_S, 0.05, SETTLE_UP_S, _move(np.radians([0, SETTLE * (0.5 + down), 0]))


def sway(t_s: float, phases: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """Where a talking head drifts, 3 float32 radians. phases: 2x3, radians, of its seed."""
    return np.asarray(SWAY * np.sin(2 * np.pi * t_s / PERIODS + phases).sum(0) / 2, np.float32)


def _move(turn: npt.ArrayLike = (0, 0, 0), raised: float = 0.0, blink: float = 0.0) -> Move:
    return np.concatenate([np.asarray(turn, np.float32), np.float32(raised) * _RAISE + np.float32(blink) * _BLINK])
