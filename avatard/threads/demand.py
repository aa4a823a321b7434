"""Whether anybody wants pictures: how many read the sinks, debounced."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeAlias

from avatard.timing import NS_PER_S

if TYPE_CHECKING:
    from avatard.config import Awake

#: A reader must stay this long before the camera's light goes on: browsers and PipeWire open each device for some
#: milliseconds to see what it is. Below the standby picture's period, so that the second look decides.
WAKE_S: Final = 0.15
#: Nobody must have been there for this long before it goes off: a call closes and opens its camera when it is joined,
#: and cameras take a second to start.
SLEEP_S: Final = 5.0

Wanted: TypeAlias = Callable[[int, "int | None"], bool]
"""(monotonic nanoseconds now, readers or None where nobody can tell) → whether pictures are wanted. One thread."""


def wanted_by(awake: Awake) -> Wanted:
    """What `daemon.awake` asks for."""
    return Demand().wanted if awake == "on-demand" else _always


def _always(now_ns: int, readers: int | None) -> bool:
    return True


class Demand:
    """Changes its mind only after the count has said otherwise for a while. The first count is taken as it is: a
    daemon that starts again during a call goes on at once, one that nobody reads never opens the camera."""

    def __init__(self) -> None:
        self._awake: bool | None = None
        self._otherwise_ns: int | None = None  # since when the count has said otherwise

    def wanted(self, now_ns: int, readers: int | None) -> bool:
        """Told the count at `now_ns`, whether pictures are wanted. Who cannot be counted is there."""
        there = readers is None or readers > 0
        if self._awake is None:
            self._awake = there
        if there is self._awake:
            self._otherwise_ns = None
            return there
        if self._otherwise_ns is None:
            self._otherwise_ns = now_ns
        if now_ns - self._otherwise_ns >= (SLEEP_S if self._awake else WAKE_S) * NS_PER_S:
            self._awake, self._otherwise_ns = there, None
        return self._awake
