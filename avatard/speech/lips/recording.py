"""The mouth over a recorded phrase, of which only the sound is known: it opens as far as the sound is loud.

Vowels and pauses come out well. Which consonants close the lips cannot be known from loudness: p, b and m are only as
closed as they are soft.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from avatard.speech.lips.articulation import Pull
from avatard.speech.lips.loudness import HOP_S, loudness
from avatard.speech.lips.shapes import SHAPES
from avatard.speech.lips.visemes import Viseme

if TYPE_CHECKING:
    from avatard.utterance import Clause

#: Seconds over which loudness is smoothed, and of how far the mouth is ahead of it.
SMOOTH_S, LEAD_S = 0.06, 0.02
#: Per cent of the sound that is softer than closed lips, and than the widest mouth.
SOFT, LOUD = 5.0, 92.0
#: dB between these two: lips are closed at the latest so far below, and nobody speaks with less.
RANGE_DB, LEAST_DB = 24.0, 6.0
#: Share of an open vowel in the widest opening, and the mouth between open and shut.
WIDEST: Final = 0.8
_WIDE, _NARROW = SHAPES[Viseme.AA].units, SHAPES[Viseme.IH].units


class Recording:
    """As `Articulation`, for a clause without phonemes."""

    def __init__(self, clause: Clause) -> None:
        self._opening = _opening(clause)
        moves = np.flatnonzero(self._opening > 0.05)
        self.first_s = float(moves[0]) * HOP_S - LEAD_S if len(moves) else 0.0
        self.last_s = float(moves[-1]) * HOP_S if len(moves) else clause.seconds

    def at(self, t_s: float) -> Pull:
        """The pull at an instant."""
        place = (t_s + LEAD_S) / HOP_S
        index = int(place) if 0 <= place < len(self._opening) - 1 else -1
        if index < 0:
            return Pull(np.zeros_like(_WIDE), 0.0, 0.0, 0.0)
        share = place - index
        opening = (1 - share) * self._opening[index] + share * self._opening[index + 1]
        # Half open is a narrow vowel, wide open a broad one.
        units = opening * (_NARROW + opening * (_WIDE - _NARROW))
        return Pull(units.astype(np.float32), 1.0, 0.0, 0.0)


def _opening(clause: Clause) -> npt.NDArray[np.float64]:
    """0..`WIDEST`, one value each `HOP_S`."""
    levels = loudness(clause.pcm)
    if not len(levels):
        return levels
    quiet, loud = np.percentile(levels, (SOFT, LOUD))
    quiet = max(quiet, loud - RANGE_DB)
    if loud - quiet < LEAST_DB:
        return np.zeros_like(levels)  # a hum, or nothing
    opening = np.clip((levels - quiet) / (loud - quiet), 0, 1)
    width = round(SMOOTH_S / HOP_S)
    bell = np.hanning(2 * width + 1)
    return np.asarray(WIDEST * np.convolve(opening, bell / bell.sum())[width : width + len(opening)])
