"""Sound that waits for its turn, and the clock by which it is heard."""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Final

import numpy as np

from avatard.audio.fade import FADE, faded_out
from avatard.audio.sample_clock import SampleClock
from avatard.audio.silent import Silent
from avatard.timing import NS_PER_S
from avatard.utterance import RATE

if TYPE_CHECKING:
    from collections.abc import Callable

    from avatard.audio.device import Playback
    from avatard.utterance import Pcm

#: Samples given at once, at most; nothing asks for more than a tenth of a second.
_SILENCE: Final = np.zeros(RATE, np.int16)
_SILENCE.flags.writeable = False


class QueuedFeed:
    """A `Feed` that a device's thread takes from, or whatever stands in for the device.

    Its samples are counted on without end, silence too: so an index is a time, whatever the device does.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._clock = SampleClock()
        self._queue: deque[Pcm] = deque()
        self._taken = 0  # samples that the device has been given
        self._end = 0  # the index behind the last sample that was queued
        self._floor = (0, 0.0)  # a time, and the sample that was heard then: later ones are not before it
        self._resuming = True
        self.moved = 0
        self.missing = "not opened yet"  #: why nobody hears it, "" where somebody does
        self._hush: Callable[[], None] = lambda: None
        self._rewinds = True
        self._call: Callable[[], None] = lambda: None
        self._busy_ns = time.monotonic_ns()

    def write(self, pcm: Pcm) -> int:
        pcm = np.array(pcm, np.int16)  # the caller's may be written to again
        with self._lock:
            start = max(self._end, self._taken)
            self._end = start + len(pcm)
            if len(pcm):
                self._queue.append(pcm)
        self.wake()
        return start

    def wake(self) -> None:
        self._busy_ns = time.monotonic_ns()
        self._call()

    def cut(self) -> None:
        with self._lock:
            rest = faded_out(self._queued(0 if self._rewinds else FADE))
            self._queue.clear()
            if len(rest):
                self._queue.append(rest)
            # Where the device fades by itself, what it has taken will not be heard either.
            heard = round(self.sample_at(time.monotonic_ns())) if self._rewinds else self._taken
            self._end = min(self._taken, heard) + len(rest)
        self._hush()

    def sample_at(self, now_ns: int) -> float:
        line = self._clock.line
        if line is None:
            return 0.0
        floor_ns, floor = self._floor
        sample = line.sample(now_ns)
        return max(sample, floor) if now_ns >= floor_ns else sample

    @property
    def queued_s(self) -> float:
        return max(0.0, (self._end - self.sample_at(time.monotonic_ns())) / RATE)

    # The device's thread.

    @property
    def quiet_s(self) -> float:
        """Seconds since anything was heard, or was to come."""
        return (time.monotonic_ns() - self._busy_ns) / NS_PER_S if not self.queued_s else 0.0

    def move(self) -> None:
        """Another device has come: what is queued was not meant for it."""
        self.moved += 1
        self.begin(Silent())  # in place of the lost one, lest the new one plays the fade
        self.cut()

    def begin(self, device: Playback, missing: str = "", call: Callable[[], None] = lambda: None) -> None:
        """`device` begins to take, or what stands in for it. missing: why nobody hears it. call: called when something
        is to be heard; quick, on any thread."""
        self._hush, self._rewinds, self._call = device.hush, device.rewinds, call
        self._resuming, self.missing = True, missing

    def due_ns(self) -> int:
        """When the next sample would be heard if nothing came in between (monotonic); 0 before the first."""
        line = self._clock.line
        return 0 if line is None else round(line.time_ns(self._taken))

    def take(self, count: int, heard_ns: int) -> Pcm:
        """The next `count` samples, not to be written to; the first is heard at `heard_ns`."""
        now_ns = time.monotonic_ns()
        floor = (now_ns, self.sample_at(now_ns))
        if self._resuming:
            self._resuming = False
            self._catch_up(heard_ns)
        self._clock.tick(self._taken, count, heard_ns)
        self._floor = floor
        with self._lock:
            self._taken += count
            return self._pull(count) if self._queue else _SILENCE[:count]

    def _catch_up(self, heard_ns: int) -> None:
        """Let go what would have been heard while there was no device: time goes on without one."""
        line = self._clock.line
        missed = 0 if line is None else round(line.sample(heard_ns)) - self._taken
        if missed > 0:
            with self._lock:
                self._taken += missed
                self._pull(missed)

    def _queued(self, count: int) -> Pcm:
        """The next `count` samples that are queued, or as many as there are."""
        parts, found = [_SILENCE[:0]], 0
        for part in self._queue:
            if found >= count:
                break
            parts.append(part[: count - found])
            found += len(parts[-1])
        return np.concatenate(parts)

    def _pull(self, count: int) -> Pcm:
        """The next `count` samples, silence behind the last; they leave the queue."""
        pulled = self._queued(count)
        left = len(pulled)
        while left:
            head = self._queue.popleft()
            if len(head) > left:
                self._queue.appendleft(head[left:])
            left -= min(left, len(head))
        return pulled if len(pulled) == count else np.concatenate((pulled, np.zeros(count - len(pulled), np.int16)))
