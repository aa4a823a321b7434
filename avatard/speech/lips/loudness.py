"""How loud a sound is over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from avatard.utterance import RATE

if TYPE_CHECKING:
    from avatard.utterance import Pcm

#: Seconds from one value to the next, and of the stretch that each is taken over.
HOP_S, WINDOW_S = 0.005, 0.010
#: Loudness (of 32767) below which all is silence.
FLOOR: Final = 60.0


def loudness(pcm: Pcm) -> npt.NDArray[np.float64]:
    """dB, one value each `HOP_S`, of the `WINDOW_S` that start there; what ends in a part of a hop loses it."""
    hop, width = round(HOP_S * RATE), round(WINDOW_S / HOP_S)
    sound = pcm[: len(pcm) // hop * hop].astype(np.float32).reshape(-1, hop)
    if not len(sound):
        return np.zeros(0)
    power = np.einsum("ij,ij->i", sound, sound).astype(np.float64) / hop
    mean = np.convolve(power, np.full(width, 1 / width))[width - 1 :]
    return np.asarray(10 * np.log10(mean + FLOOR**2))
