"""What stands in for a missing device: takes sound at the pace of one, and lets it go."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from avatard.timing import NS_PER_S
from avatard.utterance import RATE

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self

    from avatard.audio.device import On, Take

#: Nobody hears it: long blocks, so that ten times a second is often enough to look.
_BLOCK: Final = RATE // 10
#: How long after it was taken a sample "is heard": as with a real device, lips may prepare in it.
AHEAD_NS: Final = 80_000_000


class Silent:
    """A `Playback` that nobody hears. name: said in its place. due_ns: the first sample is heard then, or later.
    wait: for so many seconds, or until there are news."""

    rewinds = True  #: nothing of what it has taken will sound
    xruns = 0

    def __init__(self, name: str = "none", due_ns: int = 0, wait: Callable[[float], object] = time.sleep) -> None:
        self.name = name
        self._due_ns = due_ns
        self._wait = wait

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        pass

    def play(self, take: Take, on: On) -> None:
        heard_ns = max(self._due_ns, time.monotonic_ns() + AHEAD_NS)
        taken = 0
        while on():
            block_ns = heard_ns + taken * NS_PER_S // RATE
            take(_BLOCK, block_ns)
            taken += _BLOCK
            self._wait(max(0.0, (block_ns - AHEAD_NS - time.monotonic_ns()) / NS_PER_S))

    def hush(self) -> None:
        pass
