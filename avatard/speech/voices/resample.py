"""Voices' sound at avatard's own rate."""

from __future__ import annotations

import numpy as np

from avatard.audio.resample import Resampler, framed
from avatard.utterance import RATE, Pcm


def import_resampler() -> None:
    """Import what `at_rate` needs, before somebody waits for it: 60 ms."""
    Resampler()


def at_rate(pcm: Pcm, sample_rate: int) -> Pcm:
    """int16 mono of `sample_rate` as int16 mono at `RATE`; the first sample stays the first."""
    if sample_rate == RATE or not len(pcm):
        return pcm
    resampler = Resampler()
    resampled = np.zeros(round(len(pcm) * RATE / sample_rate), np.int16)
    out = np.concatenate([resampler.add(framed(pcm, sample_rate)), resampler.end()])
    out = out[: len(resampled)]  # it rounds the length up
    resampled[: len(out)] = out
    return resampled
