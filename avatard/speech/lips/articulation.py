"""The mouth over one clause: each sound pulls it to its shape, and lips that must meet do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from avatard.easing import smoothstep
from avatard.speech.lips.closures import closures
from avatard.speech.lips.shapes import SHAPES, Units
from avatard.speech.lips.visemes import Viseme, reduced, visemes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from avatard.utterance import Clause, Phoneme

#: The mouth is on its way to a shape before its sound: seconds.
LEAD_S: Final = 0.02
#: A sound pulls over half its length and this much more, at least over `SHORTEST_S`; there as much as its neighbour.
OVERLAP_S, SHORTEST_S = 0.012, 0.045
#: How suddenly its pull fades: 2 is a bell, more is squarer.
SQUARE: Final = 2.2
#: Vowels without stress, and those that are hardly opened, as a share of a stressed one.
UNSTRESSED, REDUCED = 0.8, 0.6
#: The first of two visemes in one sound takes this much of its time: diphthongs glide late.
FIRST_OF_TWO: Final = 0.58
#: Silence that is shorter moves nothing: word breaks, and the closures of stops.
PAUSE_S: Final = 0.1
#: Closed lips are held so long, two pictures of 30 a second, however short the sound: as much before it as after it, so
#: that the middle of what is seen is that of what is heard.
HOLD_S: Final = 0.075
#: Seconds in which they close and open; between two closures as fast as it takes to open at all, but no faster than
#: `QUICKEST_S`: lips reach 0.3 m/s.
CLOSE_S, OPEN_S, QUICKEST_S = 0.06, 0.05, 0.02
_VOWELS: Final = frozenset({Viseme.AA, Viseme.E, Viseme.IH, Viseme.OH, Viseme.OU})


class Pull(NamedTuple):
    """What a clause wants of the mouth at one instant. units, weight: a sum of shapes, and of their weights. lips,
    teeth: 0..1, how far the lips must have met, and the lower lip the teeth."""

    units: Units
    weight: float
    lips: float
    teeth: float


class Articulation:
    """That of one clause, for times in seconds from the start of its sound.

    first_s, last_s: from when to when it moves the mouth on purpose.
    """

    def __init__(self, clause: Clause) -> None:
        sounds = list(_sounds(clause))
        self._middle, self._half, self._strength = np.array([s[:3] for s in sounds], np.float32).reshape(-1, 3).T
        self._shapes = np.array([s[3] for s in sounds], np.float32)
        holds = [(c.viseme is Viseme.PP, c.start_s, c.end_s) for c in closures(clause)]
        lips, start, end = np.array(holds, np.float64).reshape(-1, 3).T
        more = np.maximum(HOLD_S - (end - start), 0) / 2
        self._lips, self._from, self._to = lips > 0, start - more, end + more
        between = self._from[1:] - self._to[:-1]
        self._close_s, self._open_s = np.full(len(lips), CLOSE_S), np.full(len(lips), OPEN_S)
        self._close_s[1:] = np.clip(between * CLOSE_S / (CLOSE_S + OPEN_S), QUICKEST_S, CLOSE_S)
        self._open_s[:-1] = np.clip(between * OPEN_S / (CLOSE_S + OPEN_S), QUICKEST_S, OPEN_S)
        voiced = [p for p in clause.phonemes if p.symbol] or list(clause.phonemes)
        self.first_s = min([voiced[0].start_s - LEAD_S, *self._from[:1].tolist()])
        self.last_s = voiced[-1].end_s

    def at(self, t_s: float) -> Pull:
        """The pull at an instant."""
        away = np.abs(np.float32(t_s) - self._middle) / self._half
        weights = self._strength * np.exp2(-(np.minimum(away, 4) ** SQUARE))
        closing, opening = (t_s - self._from) / self._close_s + 1, 1 - (t_s - self._to) / self._open_s
        closed = np.minimum(smoothstep(closing), smoothstep(opening))
        lips = float(closed[self._lips].max(initial=0))
        teeth = float(closed[~self._lips].max(initial=0))
        return Pull(weights @ self._shapes, float(weights.sum()), lips, teeth)


def _sounds(clause: Clause) -> Iterator[tuple[float, float, float, Units]]:
    """Middle and half-width in seconds, dominance, and units of each shape of a clause."""
    for phoneme in clause.phonemes:
        found = visemes(phoneme.symbol)
        length_s = phoneme.end_s - phoneme.start_s
        if found == (Viseme.SIL,) and length_s < PAUSE_S:
            continue
        start_s = phoneme.start_s - LEAD_S
        for index, viseme in enumerate(found):
            share = 1 / len(found)
            if len(found) == 2:
                share = 1 - FIRST_OF_TWO if index else FIRST_OF_TWO
            half_s = share * length_s / 2
            shape = SHAPES[viseme]
            units = shape.units * np.float32(_size(phoneme) if viseme in _VOWELS else 1)
            yield start_s + half_s, max(half_s + OVERLAP_S, SHORTEST_S), shape.dominance, units
            start_s += 2 * half_s


def _size(vowel: Phoneme) -> float:
    if vowel.stressed:
        return 1.0
    return REDUCED if reduced(vowel.symbol) else UNSTRESSED
