"""Sound at another rate than its own."""

from __future__ import annotations

from typing import Any

import numpy as np

from avatard.utterance import RATE, Pcm


class Resampler:
    """Any sound as int16 mono at `rate`, piece by piece.

    FFmpeg's resampler takes its own delay out: an impulse comes out at its own time, to the sample.
    """

    def __init__(self, rate: int = RATE) -> None:
        import av

        self._av = av.AudioResampler(format="s16", layout="mono", rate=rate)

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


def framed(pcm: Pcm, rate: int) -> Any:
    """int16 mono of `rate` as PyAV has it."""
    import av

    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(pcm)[None, :], format="s16", layout="mono")
    frame.sample_rate = rate
    return frame
