"""Ending a sound without a click."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from avatard.utterance import RATE

if TYPE_CHECKING:
    from avatard.utterance import Pcm

#: Samples of a fade: 5 ms, too short to be heard as sound, too long to be heard as a click.
FADE: Final = RATE // 200
_DOWN = ((1 + np.cos(np.linspace(0, np.pi, FADE))) / 2).astype(np.float32)


def faded_out(pcm: Pcm) -> Pcm:
    """`pcm`, silent from `FADE` samples on, or from its end where it is shorter."""
    out = np.zeros_like(pcm)
    kept = min(len(pcm), FADE)
    out[:kept] = pcm[:kept] * np.interp(np.arange(kept), np.linspace(0, kept, FADE), _DOWN)
    return out
