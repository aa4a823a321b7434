"""Flash and beep at the same instants: by them anybody can measure, at the far end of a call, whether sound and picture
are in step. Picture and microphone each follow the same clock, so nothing needs to pass between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from avatard.timing import NS_PER_S
from avatard.utterance import RATE, Pcm

#: When each beat begins, in seconds from the start. No two pauses are alike, so that a shift is told from another
#: beat; each falls on another part of a camera's period; and never two flashes a second, where three are the most that
#: are safe (WCAG 2.2, 2.3.1).
BEATS: Final = (0.8, 2.504, 4.608, 6.413, 8.917, 10.621, 12.825, 14.729)
BEAT_S: Final = 0.25
LENGTH_S: Final = 16.0
#: A buzz of many partials, as a voice has: what calls do against noise takes a pure tone for noise.
_PITCH_HZ: Final = 200.0
_PARTIALS: Final = 16
_RISE_S: Final = 0.004
_PEAK: Final = 12_000


def _beep() -> Pcm:
    """One beat's sound, `BEAT_S` long."""
    t = np.arange(round(BEAT_S * RATE)) / RATE
    waves = [np.sin(2 * np.pi * _PITCH_HZ * k * t + k * k) / np.sqrt(k) for k in range(1, _PARTIALS + 1)]
    buzz = np.sum(waves, 0) * np.minimum(1, np.minimum(t, t[-1] - t) / _RISE_S)
    return np.asarray(np.rint(_PEAK * buzz / np.abs(buzz).max()), np.int16)


BEEP: Final = _beep()
BEEP.flags.writeable = False


@dataclass(frozen=True, slots=True)
class Metronome:
    """Beats from `start_ns` (monotonic) on, for `LENGTH_S` seconds."""

    start_ns: int

    def goes(self, at_ns: int) -> bool:
        """Whether it goes on at that instant."""
        return 0 <= at_ns - self.start_ns < LENGTH_S * NS_PER_S

    def lit(self, at_ns: int) -> bool:
        """Whether a picture taken at that instant is one of a flash."""
        at_s = (at_ns - self.start_ns) / NS_PER_S
        return any(0 <= at_s - beat < BEAT_S for beat in BEATS)

    def sound(self, first_ns: int, samples: int) -> Pcm:
        """What a microphone hears from `first_ns` on: nothing but the beeps."""
        pcm = np.zeros(samples, np.int16)
        for beat in BEATS:
            start = round((self.start_ns - first_ns + beat * NS_PER_S) * RATE / NS_PER_S)
            into, out_of = max(0, start), max(0, -start)
            part = BEEP[out_of : out_of + max(0, samples - into)]
            pcm[into : into + len(part)] = part
        return pcm
