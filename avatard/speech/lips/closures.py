"""Where lips must meet, as everybody sees: p, b, m, and f, v. Found in the phonemes' times and in the sound itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from avatard.speech.lips.loudness import HOP_S, loudness
from avatard.speech.lips.visemes import Viseme, visemes

if TYPE_CHECKING:
    from avatard.utterance import Clause, Phoneme

#: Sounds that end in a burst: the lips open in that very instant.
STOPS: Final = frozenset("pbɓʘ")
#: A burst is looked for from so long before its phoneme. espeak-ng counts a stop's silence to the vowel before it, and
#: starts p with the burst; Piper starts p with the silence.
EARLY_S: Final = 0.015
#: Before the burst the lips are closed as long as the sound stays as soft as it is there, within so many dB.
SOFT_DB: Final = 6.0
LONGEST_S: Final = 0.12
#: Nobody opens the lips between two closures that are nearer: the m and the p of "lamp" are one.
APART_S: Final = 0.02
#: A sound that rises less has no burst: its lips open with its end.
LEAST_RISE_DB: Final = 3.0


@dataclass(frozen=True, slots=True)
class Closure:
    """Lips that meet (`Viseme.PP`), or the lower lip at the teeth (`Viseme.FF`).

    start_s, end_s: seconds from the start of the clause's sound: from where the sound is that of closed lips, to the
    burst, or to the next sound.
    """

    viseme: Viseme
    start_s: float
    end_s: float


def closures(clause: Clause) -> tuple[Closure, ...]:
    """Those of a clause, in the order of time; what follows at once is one. None where its phonemes are unknown: those
    of a recording can only be heard."""
    found: list[Closure] = []
    levels: npt.NDArray[np.float64] | None = None
    for phoneme in clause.phonemes:
        viseme = next((v for v in visemes(phoneme.symbol) if v in (Viseme.PP, Viseme.FF)), None)
        if viseme is None:
            continue
        start_s, end_s = phoneme.start_s, phoneme.end_s
        if not STOPS.isdisjoint(phoneme.symbol):
            if levels is None:
                levels = loudness(clause.pcm)
            start_s, end_s = _stop(levels, phoneme)
        if found and found[-1].viseme is viseme and start_s - found[-1].end_s < APART_S:
            start_s, end_s = found[-1].start_s, max(end_s, found.pop().end_s)
        found.append(Closure(viseme, start_s, end_s))
    return tuple(found)


def _stop(levels: npt.NDArray[np.float64], phoneme: Phoneme) -> tuple[float, float]:
    """From where to where the lips are closed for a stop: to where the sound rises most, be it from silence or from
    the murmur of a b."""
    first = max(round((phoneme.start_s - EARLY_S) / HOP_S), 0)
    last = min(round(phoneme.end_s / HOP_S) + 1, len(levels))
    if last - first < 3:
        return phoneme.start_s, phoneme.start_s
    rise = levels[first + 2 : last] - levels[first : last - 2]
    if rise.max() < LEAST_RISE_DB:
        return phoneme.start_s, phoneme.end_s
    # The window that rises holds the burst: it begins between its two halves.
    burst = first + int(rise.argmax()) + 2
    before = levels[max(burst - round(LONGEST_S / HOP_S), 0) : burst - 1]
    loud = np.flatnonzero(before > before[-1:] + SOFT_DB)
    soft = len(before) - 1 - int(loud[-1]) if len(loud) else len(before)
    end_s = min(burst * HOP_S, phoneme.end_s)
    return min(phoneme.start_s, end_s, (burst - soft) * HOP_S), end_s
