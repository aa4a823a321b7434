"""Lips that close for p, b and m: known for sure only when they open again.

A network that hears 30 ms ahead cannot tell the silence of a "p" from that of a "t" before the burst. There is time:
the sound is in the call some 100 ms after it was spoken. So a dip in loudness that ends in a burst is judged just after
the burst, by all that the network made of it from its start, and closed as a whole, afterwards.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from avatard.easing import ease
from avatard.speech.lips.visemes import Viseme

#: Decibels below the recent peak: silence of a stop. And above the dip's quietest: its burst.
DIP_DB, BURST_DB = 12.0, 7.0
#: The recent peak sinks by this much a frame.
SINKS_DB: Final = 0.4
#: Frames that a stop's silence lasts: the rest is a pause, in which lips are at rest anyway.
SHORTEST, LONGEST = 2, 18
#: Frames after the burst in which the lips are still heard.
AFTER: Final = 3
#: Share of the lips in all that was said of consonants, from the dip's start on, that makes it one of theirs.
LABIAL: Final = 0.5
#: Without a dip ("m", a voiced "b") lips are closed from the second share on, not at all below the first.
OPEN, SHUT = 0.45, 0.7
_OTHERS: Final = np.array([Viseme.TH, Viseme.DD, Viseme.KK, Viseme.CH, Viseme.SS, Viseme.NN])


def closed(share: float) -> float:
    """0..1: how far lips, or lip and teeth, are closed by what the network says of this frame alone."""
    return ease((share - OPEN) / (SHUT - OPEN))


class Dips:
    """Finds the silences before bursts of p and b, frame by frame."""

    def __init__(self) -> None:
        self._peak = self._quietest = -100.0
        self._length = 0  # of the dip so far
        self._since = 0  # frames since its burst, counted from 1
        self._said = np.zeros(len(Viseme), np.float32)

    def __call__(self, loud_db: float, shares: npt.NDArray[np.float32]) -> tuple[int, int] | None:
        """Of a frame's loudness and shares: the first and last frame of a silence with closed lips, counted back from
        this one (0), once it is known."""
        self._peak = max(loud_db, self._peak - SINKS_DB)
        if self._since:
            return self._judge(shares)
        if loud_db < self._peak - DIP_DB:
            if not self._length:
                self._said[:] = 0
                self._quietest = loud_db
            self._length += 1
            self._quietest = min(self._quietest, loud_db)
            self._said += shares
            if loud_db < self._quietest + BURST_DB:
                return None
        if self._length:
            self._since = 1
            self._said += shares
        return None

    def _judge(self, shares: npt.NDArray[np.float32]) -> tuple[int, int] | None:
        self._said += shares
        self._since += 1
        if self._since <= AFTER:
            return None
        length, since = self._length, self._since
        self._length = self._since = 0
        if not SHORTEST <= length <= LONGEST:
            return None
        lips, others = float(self._said[Viseme.PP]), float(self._said[_OTHERS].sum())
        if lips < LABIAL * (lips + others):
            return None
        return since + length - 1, since
