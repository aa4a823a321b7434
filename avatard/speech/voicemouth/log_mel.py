"""What of a sound says how the mouth stands: the loudness of 26 bands, a hundred times a second.

The spectrum is taken at 48 kHz and read up to 7.6 kHz, which gives to the last bit of resolution the bins of a 16 kHz
signal (31.25 Hz each) without a resampler: nothing folds back, and no filter adds delay.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from avatard.utterance import RATE, Pcm

#: Samples between two frames (10 ms), of a frame (25 ms), and of its transform, filled up with zeros.
HOP: Final = RATE // 100
WINDOW: Final = RATE // 40
TRANSFORM: Final = 1536
#: The bands: Slaney's mel formula in its common form, triangles from and to these frequencies.
BANDS: Final = 26
LOWEST_HZ, HIGHEST_HZ = 80.0, 7600.0
#: Added to a band's power before the logarithm: below the noise of any real microphone.
LEAST: Final = 1e-10
#: Natural logarithm of power, as decibels.
DECIBELS: Final = float(10 / np.log(10))
#: Seconds from the middle of a frame to its end.
HALF_S: Final = WINDOW / RATE / 2

Frames = npt.NDArray[np.float32]
"""N x `BANDS`: natural logarithm of each band's power, full scale being 1."""


@cache
def bands() -> npt.NDArray[np.float32]:
    """Bins x `BANDS`: how much of each bin of the spectrum a band takes, over the bins that any of them takes."""
    ends = np.array([LOWEST_HZ, HIGHEST_HZ])
    low, high = 2595 * np.log10(1 + ends / 700)
    edges = 700 * (10 ** (np.linspace(low, high, BANDS + 2) / 2595) - 1)
    bins = np.arange(int(HIGHEST_HZ * TRANSFORM / RATE) + 1)[:, None] * RATE / TRANSFORM
    rising = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    weights = np.maximum(0, np.minimum(rising, falling)).astype(np.float32)
    weights.flags.writeable = False
    return weights


@cache
def _window() -> npt.NDArray[np.float32]:
    """Hann's, scaled so that a sine of full scale has power 1 in its bin, whatever the sample width."""
    window = np.hanning(WINDOW)
    return np.asarray(window / (window.sum() / 2) / 32768, np.float32)


def frames_of(samples: Pcm) -> Frames:
    """The frame of each row of `samples` (N x `WINDOW`, as int16)."""
    spectrum = np.fft.rfft(samples * _window(), TRANSFORM, axis=-1)[:, : len(bands())]
    power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
    return np.asarray(np.log(power @ bands() + np.float32(LEAST)), np.float32)


def log_mel(pcm: Pcm) -> Frames:
    """The frames of a whole sound, as a `LogMel` that starts with it gives them."""
    padded = np.concatenate([np.zeros(WINDOW - HOP, pcm.dtype), pcm])
    return frames_of(np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP])


class LogMel:
    """The same, hop by hop."""

    def __init__(self) -> None:
        self._samples = np.zeros((1, WINDOW), np.int16)

    def __call__(self, hop: Pcm) -> Frames:
        """The 1 x `BANDS` frame that ends with `hop` (`HOP` samples)."""
        self._samples[0, :-HOP] = self._samples[0, HOP:]
        self._samples[0, -HOP:] = hop
        return frames_of(self._samples)
