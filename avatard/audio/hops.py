"""Sound in equal pieces, off the device's thread."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np

from avatard.timing import NS_PER_S
from avatard.utterance import RATE

if TYPE_CHECKING:
    from avatard.utterance import Pcm

HOP: Final = RATE // 100  #: samples: 10 ms
#: Half a second: who is later than that would hear of a mouth that has long moved on, so the oldest are dropped.
_WAITING: Final = 50


class Hops(threading.Thread):
    """Has `hear` called with `HOP` samples and the monotonic ns at which the first of them was spoken.

    dropped: hops that `hear` was too slow for.
    """

    def __init__(self, hear: Callable[[Pcm, int], None]) -> None:
        super().__init__(name="avatard-listen", daemon=True)
        self._hear = hear
        self._waiting: deque[tuple[Pcm, int]] = deque()
        self._news = threading.Event()
        self._stopping = False
        self._rest = np.zeros(0, np.int16)
        self.dropped = 0

    def give(self, pcm: Pcm, spoken_ns: int) -> None:
        """Sound of the microphone; on its thread."""
        start_ns = spoken_ns - len(self._rest) * NS_PER_S // RATE
        whole = np.concatenate((self._rest, pcm))
        count = len(whole) // HOP
        for hop in range(count):
            self._waiting.append((whole[hop * HOP : (hop + 1) * HOP], start_ns + hop * HOP * NS_PER_S // RATE))
        self._rest = whole[count * HOP :]
        while len(self._waiting) > _WAITING:
            self._waiting.popleft()
            self.dropped += 1
        self._news.set()

    def stop(self) -> None:
        """End."""
        self._stopping = True
        self._news.set()
        self.join()

    def run(self) -> None:
        """Pass on what comes until stopped."""
        while not self._stopping:
            self._news.wait()
            self._news.clear()
            while self._waiting and not self._stopping:
                try:
                    pcm, spoken_ns = self._waiting.popleft()
                except IndexError:  # dropped in between
                    break
                self._hear(pcm, spoken_ns)
