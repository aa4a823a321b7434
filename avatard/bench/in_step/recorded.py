"""Sound that was recorded: where in it another sound is, and when that was heard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from avatard.audio.sample_clock import SampleClock
from avatard.utterance import RATE

if TYPE_CHECKING:
    from avatard.utterance import Pcm

#: Sound that is found looks like what was looked for, from 0 (not at all) to 1. Resampling leaves 0.99, noise 0.1.
CLEAR: Final = 0.5


@dataclass(frozen=True, slots=True)
class Found:
    """heard_ns: when its first sample was heard (monotonic). alike: correlation, 0..1."""

    heard_ns: float
    alike: float


class Recorded:
    """What a reader of a source heard. blocks: Nx2, index of a block's first sample and when that was heard (ns), in
    order. The times are smoothed as a device's clock is."""

    def __init__(self, pcm: Pcm, blocks: npt.NDArray[np.int64]) -> None:
        self.pcm = pcm
        self._first = blocks[:, 0]
        self._at_ns = _smoothed(blocks, len(pcm))

    def time_ns(self, sample: float) -> float:
        """When a sample was heard."""
        block = max(0, int(np.searchsorted(self._first, sample, "right")) - 1)
        return float(self._at_ns[block] + (sample - self._first[block]) * 1e9 / RATE)

    def sample(self, time_ns: float) -> int:
        """The sample that was heard then, within what was recorded."""
        block = max(0, int(np.searchsorted(self._at_ns, time_ns, "right")) - 1)
        sample = self._first[block] + (time_ns - self._at_ns[block]) * RATE / 1e9
        return int(min(max(sample, 0), len(self.pcm)))

    def find(self, sound: Pcm, from_ns: float, until_ns: float) -> Found | None:
        """`sound`, if it begins to be heard in that time; None where nothing there is like it."""
        first, last = self.sample(from_ns), min(len(self.pcm), self.sample(until_ns) + len(sound))
        heard = self.pcm[first:last].astype(np.float64)
        if len(heard) < len(sound) or not len(sound):
            return None
        score = _correlation(heard, sound.astype(np.float64))
        best = int(np.argmax(score))
        if score[best] < CLEAR:
            return None
        return Found(self.time_ns(first + best + _between(score, best)), float(score[best]))


def _correlation(heard: npt.NDArray[np.float64], sound: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Of `sound` with each stretch of `heard` of its length, −1..1."""
    places = len(heard) - len(sound) + 1
    size = 1 << (len(heard) + len(sound)).bit_length()
    product = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(sound, size)), size)[:places]
    power = np.concatenate((np.zeros(1), np.cumsum(heard**2)))
    power = power[len(sound) :] - power[: len(power) - len(sound)]
    own = float(np.dot(sound, sound))
    # Near silence every stretch looks like every other: it counts as if it were a thousandth as loud as the sound.
    return np.asarray(product / np.sqrt(np.maximum(power, 1e-3 * own) * max(own, 1.0)))


def _between(score: npt.NDArray[np.float64], best: int) -> float:
    """Where a parabola through the best place and its neighbours has its top, in samples from it."""
    if not 0 < best < len(score) - 1:
        return 0.0
    before, here, after = score[best - 1 : best + 2]
    bend = before - 2 * here + after
    return float((before - after) / (2 * bend)) if bend < 0 else 0.0


def _smoothed(blocks: npt.NDArray[np.int64], samples: int) -> npt.NDArray[np.float64]:
    """When each block was heard, by a clock that has heard all of them: run over them once to learn the rate."""
    lengths = np.diff(np.append(blocks[:, 0], samples)).tolist()
    clock = SampleClock()
    times: list[float] = []
    for (first, at_ns), length in zip(blocks.tolist(), lengths, strict=True):
        if length > 0:
            clock.tick(first, length, at_ns)
        times.append(clock.line.time_ns(first) if clock.line is not None else float(at_ns))
    return np.asarray(times)
