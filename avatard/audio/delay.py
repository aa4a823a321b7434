"""The delay between the real microphone and the virtual one, so that sound leaves with the picture it belongs to.

    microphone's callback ─▶ write ─▶ ring ─▶ read ─▶ the call's callback

The delay is that from the mouth to the listener: what the devices take themselves is part of it. It is steered by the
speed of reading, at most half a percent off, which no ear takes for another pitch; what that cannot make up for within
five seconds is cut by a cross-fade between two places where the sound looks alike; and in a pause it is cut at once.
Both devices' clocks are learnt from their callbacks' times, so their drift never adds up.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

import numpy as np

from avatard.audio.interpolation import TAPS
from avatard.audio.play_head import GUARD, PlayHead
from avatard.audio.sample_clock import LEAP_NS, ClockLine, SampleClock
from avatard.timing import NS_PER_S
from avatard.utterance import RATE

if TYPE_CHECKING:
    from avatard.metronome import Metronome
    from avatard.utterance import Pcm

CAPACITY: Final = 1 << 18  #: samples, 5.5 s
MOST_S: Final = 3.0  #: the longest delay; far from the ring's end, which the microphone is overwriting
#: How late the microphone's sound may come and still count as what the devices cost; more is a fault that passes.
_LATE_S: Final = 0.25
_LEAST_KEPT: Final = 10  #: seconds
_NEEDED_IN: Final = 3


class DelayLine:
    """A ring between two real-time callbacks: one thread writes, one reads, nothing waits, nothing raises.

    want_s: the delay wished for, seconds from the mouth to the listener; any thread sets it. metronome: while it goes,
    it is what the microphone hears, and nothing else.
    """

    def __init__(self) -> None:
        self.want_s = 0.0
        self.metronome: Metronome | None = None
        self.starved = 0  #: how often no sound was there in time: silence, faded
        self.cuts = 0  #: how often it jumped, by cross-fade
        self.gaps = 0  #: how often the microphone lost sound, filled with silence
        self._ring = np.zeros(CAPACITY, np.int16)
        self._microphone = SampleClock()
        self._listener = SampleClock()
        self._input: tuple[int, ClockLine] | None = None  # samples written and their clock, replaced as one
        self._written = 0
        self._played = 0
        self._head = PlayHead(self._ring)
        self._least = _Least()
        self._delay_s = 0.0

    # The microphone's thread.

    def write(self, pcm: Pcm, captured_ns: int) -> None:
        """Sound of the microphone. captured_ns: when its first sample was spoken (monotonic)."""
        samples = len(pcm)
        if not samples:
            return
        if (metronome := self.metronome) is not None and metronome.goes(captured_ns):
            pcm = metronome.sound(captured_ns, samples)
        error_ns = self._microphone.error_ns(self._written, captured_ns)
        if error_ns > LEAP_NS:
            self._skip(round(error_ns * RATE / NS_PER_S))
            pcm = _faded(pcm, 0.0, 1.0)
        self._put(self._written, pcm)
        line = self._microphone.tick(self._written, samples, captured_ns)
        self._written += samples
        self._input = (self._written, line)

    def _skip(self, samples: int) -> None:
        """Silence in place of what was lost, so that what comes after it is where it belongs."""
        self.gaps += 1
        last = np.arange(self._written - GUARD, self._written) % CAPACITY
        self._ring[last] = _faded(self._ring[last], 1.0, 0.0)
        self._put(self._written, np.zeros(min(samples, CAPACITY), np.int16))
        self._written += samples

    def _put(self, at: int, pcm: Pcm) -> None:
        start = at % CAPACITY
        head = min(len(pcm), CAPACITY - start)
        self._ring[start : start + head] = pcm[:head]
        self._ring[: len(pcm) - head] = pcm[head:]

    # The listener's thread.

    def read(self, n: int, heard_ns: int) -> Pcm:
        """`n` samples for the listener. heard_ns: when the first of them leaves to them (monotonic)."""
        if not n:
            return np.zeros(0, np.int16)
        listener = self._listener.tick(self._played, n, heard_ns)
        heard = listener.time_ns(self._played)
        self._played += n
        if self._input is None:
            return np.zeros(n, np.int16)
        written, microphone = self._input
        step = listener.period_ns / microphone.period_ns
        spare = n * step + TAPS + GUARD
        needed_s = (heard - microphone.time_ns(written - spare)) / NS_PER_S
        delay_s = max(min(self.want_s, MOST_S), self._least.after(needed_s, n, written))
        head = self._head
        was_running = head.running
        sound = head.read(n, microphone.sample(heard - delay_s * NS_PER_S), step, written)
        self.starved += was_running and not head.running
        self.cuts = head.cuts
        if head.running:
            self._delay_s = (heard + listener.period_ns * n - microphone.time_ns(head.at)) / NS_PER_S
        return sound

    # Any thread.

    @property
    def delay_s(self) -> float:
        """From the mouth to the listener, now; 0 before the first sound."""
        return self._delay_s

    @property
    def least_s(self) -> float:
        """What the devices cost themselves: no delay can be shorter."""
        return self._least.seconds


class _Least:
    """How long before it is heard sound has to be there: what was needed in three of the last ten seconds. What happens
    once, as a device starts or the machine chokes, costs a moment's silence, not ten seconds of delay."""

    def __init__(self) -> None:
        self._tops: deque[float] = deque(maxlen=_LEAST_KEPT)  # of each second in which sound came
        self._top = 0.0  # of the present one
        self._heard = 0
        self._written = 0
        self._waited = 0  # samples heard since the last came, and how long before these would have had to be there
        self._waiting_s = 0.0
        self.seconds = 0.0

    def after(self, needed_s: float, samples: int, written: int) -> float:
        """What it is, now that a block of `samples` needs sound from `needed_s` ago."""
        self._heard += samples
        if self._heard > RATE:
            self._heard = 0
            if self._top:
                self._tops.append(self._top)
            self._top = 0.0
        if written == self._written:
            self._waited += samples
            self._waiting_s = max(self._waiting_s, needed_s)
            return self.seconds
        if self._waited <= _LATE_S * RATE:
            needed_s = max(needed_s, self._waiting_s)
        self._top = max(self._top, needed_s)
        self._written, self._waited, self._waiting_s = written, 0, 0.0
        self.seconds = sorted((*self._tops, self._top))[-min(max(len(self._tops), 1), _NEEDED_IN)]
        return self.seconds


def _faded(pcm: Pcm, first: float, last: float) -> Pcm:
    """`pcm` with its first 5 ms going from `first` to `last` of their loudness."""
    faded: Pcm = np.array(pcm, np.int16)
    n = min(len(pcm), GUARD)
    faded[:n] = (faded[:n] * np.linspace(first, last, n)).astype(np.int16)
    return faded
