"""Voices' sound at avatard's own rate."""

from __future__ import annotations

from typing import Any

import numpy as np

from avatard.utterance import RATE, Pcm


class Resampler:
    """Any sound as int16 mono at `RATE`, piece by piece.

    FFmpeg's resampler takes its own delay out: an impulse comes out at its own time, to the sample.
    """

    def __init__(self) -> None:
        import av

        self._av = av.AudioResampler(format="s16", layout="mono", rate=RATE)

    def add(self, frame: Any) -> Pcm:
        """What comes out when PyAV's `frame` goes in; the rest comes later."""
        return self._taken(frame)

    def end(self) -> Pcm:
        """What is left."""
        return self._taken(None)

    def _taken(self, frame: Any) -> Pcm:
        parts = [part.to_ndarray()[0] for part in self._av.resample(frame)]
        taken: Pcm = np.concatenate(parts) if parts else np.zeros(0, np.int16)
        return taken


def import_resampler() -> None:
    """Import what `at_rate` needs, before somebody waits for it: 60 ms."""
    Resampler()


def at_rate(pcm: Pcm, sample_rate: int) -> Pcm:
    """int16 mono of `sample_rate` as int16 mono at `RATE`; the first sample stays the first."""
    import av

    if sample_rate == RATE or not len(pcm):
        return pcm
    resampler = Resampler()
    frame = av.AudioFrame.from_ndarray(pcm[None, :], format="s16", layout="mono")
    frame.sample_rate = sample_rate
    resampled = np.zeros(round(len(pcm) * RATE / sample_rate), np.int16)
    out = np.concatenate([resampler.add(frame), resampler.end()])[: len(resampled)]  # it rounds the length up
    resampled[: len(out)] = out
    return resampled
