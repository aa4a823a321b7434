"""Between our rate and that of a device that knows no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from avatard.utterance import Pcm


class Resampler:
    """Sound that comes in pieces, at `source` samples a second, to `target`. Keeps what it needs of the last piece, so
    it gives a little less at first: FFmpeg's filter is symmetric, half a millisecond long."""

    def __init__(self, source: int, target: int) -> None:
        from av import AudioResampler

        self._source = source
        self._resampler = AudioResampler(format="s16", layout="mono", rate=target)

    def __call__(self, pcm: Pcm) -> Pcm:
        """The next piece."""
        from av import AudioFrame

        frame = AudioFrame.from_ndarray(np.ascontiguousarray(pcm).reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = self._source
        return np.concatenate(
            [np.zeros(0, np.int16), *(out.to_ndarray()[0] for out in self._resampler.resample(frame))]
        )
