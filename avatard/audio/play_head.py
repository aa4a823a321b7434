"""Where a ring of sound is being read: near where it should be, without a click on the way there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from avatard.audio.interpolation import BEFORE, TAPS, interpolate
from avatard.utterance import RATE

if TYPE_CHECKING:
    from avatard.utterance import Pcm

Sound: TypeAlias = npt.NDArray[np.float32]

GUARD: Final = round(0.005 * RATE)  #: samples to be kept back, to fade out over when no more come
#: How much faster or slower it reads at most, and the time constant of what remains.
_BEND: Final = 0.005
_SETTLE_S: Final = 1.5
#: That speed changes no faster than with this time constant: a sudden change is a faint rustle around each tone.
_EASE_S: Final = 0.15
#: From here on (s) reading faster would take longer than five seconds to come within 10 ms.
_CUT_S: Final = 0.03
#: In a pause nobody hears it: already from here on.
_QUIET_CUT_S: Final = 0.003
#: A pause: so far below the loudest of late, or below so many of 32767 at all.
_QUIET_SHARE: Final = 0.05
_QUIET: Final = 30.0
_LEVEL_KEPT: Final = 0.9  #: of the loudest, after a second
_FADE: Final = round(0.02 * RATE)  #: samples of a cross-fade
_SEEK: Final = round(0.01 * RATE)  #: how far it looks for a place that looks alike: a period of a deep voice


class PlayHead:
    """One place in the ring, or two while it goes over from one to the other."""

    def __init__(self, ring: Pcm) -> None:
        self._ring = ring
        self.running = False
        self.cuts = 0
        self.at = 0.0  #: the next sample to be read
        self._from = 0.0  # the place it is leaving
        self._fade = self._fading = 0  # samples that going over takes, and that are left of it
        self._rising = 0  # samples that are left of a fade from silence
        self._loudest = 0.0
        self._bend = 0.0  # how much faster it reads, as a share

    def read(self, n: int, aim: float, step: float, written: int) -> Pcm:
        """`n` samples from about `aim` on, `step` samples of the ring for each."""
        if not self.running:
            if aim < TAPS or aim + n * step + TAPS + GUARD > written:
                return np.zeros(n, np.int16)
            self.running, self.at, self._rising, self._fading = True, aim, GUARD, 0
        elif not self._fading and self._is_far(aim):
            left = int(written - TAPS - self.at)
            if left < _SEEK:
                return self._starve(n, step, written)
            self._cut(aim, min(left, _FADE))
        bend = min(max((aim - self.at) / (_SETTLE_S * RATE), -_BEND), _BEND)
        self._bend += (bend - self._bend) * min(1.0, n / (_EASE_S * RATE))
        step *= 1 + self._bend
        if self.at + n * step + TAPS > written:
            return self._starve(n, step, written)
        sound = self._take(self.at, step, n)
        self.at += step * n
        if self._fading:
            sound = self._crossed(sound, step, n)
        if self._rising:
            sound = _risen(sound, GUARD - self._rising)
            self._rising = max(0, self._rising - n)
        self._loudest = max(_rms(sound), self._loudest * _LEVEL_KEPT ** (n / RATE))
        return _as_pcm(sound)

    def _is_far(self, aim: float) -> bool:
        off = abs(aim - self.at)
        return off > _CUT_S * RATE or (off > _QUIET_CUT_S * RATE and self._is_quiet(min(aim, self.at), off + _FADE))

    def _is_quiet(self, first: float, samples: float) -> bool:
        return _rms(self._segment(int(first), int(samples))) <= max(_QUIET, _QUIET_SHARE * self._loudest)

    def _cut(self, aim: float, fade: int) -> None:
        """Begin to go over to `aim`, in `fade` samples."""
        self.cuts += 1
        there = aim if self._is_quiet(aim, fade) else self._alike(aim)
        self._from, self._fade, self._fading, self.at, self._bend = self.at, fade, fade, there, 0.0

    def _alike(self, aim: float) -> float:
        """Where the sound looks as it does here: at most `_SEEK` before `aim`."""
        here = self._segment(int(self.at), _SEEK)
        there = self._segment(int(aim) - _SEEK, 2 * _SEEK)
        power = np.cumsum(np.concatenate((np.zeros(1), there.astype(np.float64) ** 2)))
        alike = np.correlate(there, here, "valid") / np.sqrt(np.maximum(power[_SEEK:] - power[:-_SEEK], 1.0))
        return int(aim) - _SEEK + int(np.argmax(alike)) + self.at % 1

    def _crossed(self, sound: Sound, step: float, n: int) -> Sound:
        left = self._take(self._from, step, n)
        self._from += step * n
        done = self._fade - self._fading + np.arange(n, dtype=np.float32)
        share = np.square(np.sin(np.pi / 2 * np.minimum(done / self._fade, 1)))
        self._fading = max(0, self._fading - n)
        return np.asarray(left + (sound - left) * share, np.float32)

    def _starve(self, n: int, step: float, written: int) -> Pcm:
        """Fade out over what had been kept back for this."""
        self.running = False
        there = min(n, GUARD, int((written - TAPS - self.at) / step))
        sound = np.zeros(n, np.float32)
        if there > 0:
            sound[:there] = self._take(self.at, step, there) * np.linspace(1, 0, there, dtype=np.float32)
        return _as_pcm(sound)

    def _take(self, at: float, step: float, n: int) -> Sound:
        first = int(at) - BEFORE
        return interpolate(self._segment(first, int(n * step) + TAPS + 2), at - first, step, n)

    def _segment(self, first: int, samples: int) -> Sound:
        start = first % len(self._ring)
        head = self._ring[start : start + samples]
        if len(head) < samples:
            head = np.concatenate((head, self._ring[: samples - len(head)]))
        return head.astype(np.float32)


def _rms(sound: Sound) -> float:
    return float(np.sqrt(np.dot(sound, sound) / max(1, len(sound))))


def _as_pcm(sound: Sound) -> Pcm:
    pcm: Pcm = np.clip(np.rint(sound), -32768, 32767).astype(np.int16)
    return pcm


def _risen(sound: Sound, done: int) -> Sound:
    """`sound` rising from silence, `done` samples after it began to."""
    return sound * np.minimum((done + np.arange(len(sound), dtype=np.float32)) / GUARD, 1)
