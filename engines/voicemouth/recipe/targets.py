"""What the mouth does while sounds are said: how much it is of each viseme, blended as lips are.

Cohen and Massaro's dominance: each sound claims the lips with its viseme's strength while it lasts, and less the
further off it is; the claims' shares are the target. Closures claim them whole, and let go at once.
"""

from __future__ import annotations

import recipes  # noqa: F401
import numpy as np
from numpy.typing import NDArray

from avatard import canonical
from avatard.drive.regions import AT, measure
from avatard.speech.lips.shapes import SHAPES, TABLE
from avatard.speech.lips.visemes import Viseme, reduced, visemes

#: Seconds in which a claim falls to 1/e, before its sound and after it; closures' are quicker, and this much stronger.
BEFORE, AFTER, QUICK = 0.045, 0.035, 0.018
HARD = 8.0
CLOSED = (Viseme.PP, Viseme.FF)
#: Vowels without stress, and those that are hardly opened, as `speech.articulation` has them: the rest is rest.
UNSTRESSED, REDUCED = 0.8, 0.6
VOWELS = (Viseme.AA, Viseme.E, Viseme.IH, Viseme.OH, Viseme.OU)
STRESS = frozenset("\u02c8\u02cc")

Sounds = list[tuple[str, float, float]]


def split(sounds: Sounds) -> list[tuple[Viseme, float, float, float]]:
    """Visemes with start, end, and size; a diphthong is two, a symbol without lips belongs to the sound before."""
    out: list[tuple[Viseme, float, float, float]] = []
    for symbol, start, end in sounds:
        found = visemes(symbol)
        if not found and out:
            out[-1] = (*out[-1][:2], end, out[-1][3])
        step = (end - start) / max(len(found), 1)
        size = REDUCED if reduced(symbol) else UNSTRESSED if not STRESS.intersection(symbol) else 1.0
        out += [
            (v, start + k * step, start + (k + 1) * step, size if v in VOWELS else 1.0) for k, v in enumerate(found)
        ]
    return out


def weights(sounds: Sounds, times: NDArray[np.float64]) -> NDArray[np.float32]:
    """`times` x 15: how much of each viseme; before, between and after the sounds it is silence."""
    claims = np.zeros((len(times), len(Viseme)))
    said = split(sounds) or [(Viseme.SIL, 0.0, 1.0, 1.0)]
    first, last = said[0][1], said[-1][2]
    for viseme, start, end, size in [(Viseme.SIL, first - 60, first, 1.0), *said, (Viseme.SIL, last, last + 60, 1.0)]:
        hard = viseme in CLOSED
        before, after = (QUICK, QUICK) if hard else (BEFORE, AFTER)
        away = np.maximum(np.maximum((start - times) / before, (times - end) / after), 0)
        strength = SHAPES[viseme].dominance * (HARD if hard else 1)
        claim = strength * np.exp(-away)
        claims[:, viseme] = np.maximum(claims[:, viseme], claim * size)
        if size < 1:
            claims[:, Viseme.SIL] = np.maximum(claims[:, Viseme.SIL], claim * (1 - size))
    return (claims / claims.sum(1, keepdims=True)).astype(np.float32)


def measures() -> NDArray[np.float32]:
    """15 x 2: gap between the lips and width of the mouth of each viseme on the canonical head, in eye distances."""
    moved = (TABLE @ canonical.basis().reshape(len(TABLE[0]), -1)).reshape(len(TABLE), -1, 3)
    rows = [measure(canonical.neutral() + each)[[AT["gap"], AT["width"]]] for each in moved]
    return np.array(rows, np.float32) - measure(canonical.neutral())[[AT["gap"], AT["width"]]].astype(np.float32)
