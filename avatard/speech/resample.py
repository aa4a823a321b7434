"""Voices' sound at avatard's own rate."""

from __future__ import annotations

import numpy as np

from avatard.utterance import RATE, Pcm


def import_resampler() -> None:
    """Import what `at_rate` needs, before somebody waits for it."""
    import av  # noqa: F401


def at_rate(pcm: Pcm, sample_rate: int) -> Pcm:
    """int16 mono of `sample_rate` as int16 mono at `RATE`; the first sample stays the first.

    FFmpeg's resampler takes its own delay out: an impulse comes out at its own time, to the sample.
    """
    import av

    if sample_rate == RATE or not len(pcm):
        return pcm
    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    frame = av.AudioFrame.from_ndarray(pcm[None, :], format="s16", layout="mono")
    frame.sample_rate = sample_rate
    resampled = np.zeros(round(len(pcm) * RATE / sample_rate), np.int16)
    at = 0
    for part in (part.to_ndarray()[0] for f in (frame, None) for part in resampler.resample(f)):
        fits = part[: len(resampled) - at]  # it rounds the length up
        resampled[at : at + len(fits)] = fits
        at += len(fits)
    return resampled
