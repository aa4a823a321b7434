"""The watchdog: tells the service manager of progress, and only of progress, and finds a hang.

Sleep is no hang: an avatar that nobody reads still shows its card. Neither is time in which nothing here could run:
the machine was suspended, the process stopped, a virtual machine frozen.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from avatard import sd_notify
from avatard.errors import AvatardError, EngineError, SinkError

if TYPE_CHECKING:
    from avatard.timing import Counters

log = logging.getLogger("avatard.daemon")

#: A picture that takes longer is no progress.
SLOW_S: Final = 1.0
#: The daemon looks every quarter of a second. Where it did not for this long, nobody else here could do anything.
GAP_S: Final = 3.0


class Watched(Protocol):
    """What is looked at: the pipeline."""

    counters: Counters

    @property
    def ready(self) -> bool: ...
    @property
    def summary(self) -> str: ...
    @property
    def drawing_s(self) -> float: ...
    @property
    def writing_s(self) -> float: ...
    @property
    def silent_s(self) -> float: ...
    @property
    def sink_lost(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Hang:
    """What hangs, for how long, and the error that it is."""

    what: str
    seconds: float
    error: type[AvatardError]


def awake_s() -> float:
    """Seconds on a clock that goes on while the machine is suspended, where there is one."""
    if sys.platform != "linux":
        return time.monotonic()
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class Watchdog:
    """Looks at the pipeline each time it is told to. One thread.

    hang_s: a hang is what takes longer than this.
    """

    def __init__(self, pipeline: Watched, hang_s: float, clock: Callable[[], float] = awake_s) -> None:
        self._pipeline = pipeline
        self._hang_s = hang_s
        self._clock = clock
        self._looked_s = self._since_s = clock()
        self._ready = False
        self._said = ""

    def look(self) -> Hang | None:
        """Say how it is; the hang, if it is one. Due several times within the unit's `WatchdogSec`."""
        self._mind_the_gap()
        pipeline = self._pipeline
        if not self._ready and pipeline.ready:
            self._ready = True
            sd_notify.ready()
            log.info("ready")
        if self._ready and self._said != pipeline.summary:
            self._said = pipeline.summary
            sd_notify.status(self._said)
        drawing_s, writing_s = pipeline.drawing_s, pipeline.writing_s
        slowest_s = max(drawing_s, writing_s)
        if self._ready and slowest_s < SLOW_S and (pipeline.silent_s < SLOW_S or pipeline.sink_lost):
            sd_notify.watchdog()
        if min(slowest_s, self._looked_s - self._since_s) > self._hang_s:
            drawing = drawing_s > writing_s
            return Hang("engine" if drawing else "sink", slowest_s, EngineError if drawing else SinkError)
        return None

    def _mind_the_gap(self) -> None:
        """A hang counts from the last gap on: before it, time went by without anyone."""
        now_s = self._clock()
        gap_s = now_s - self._looked_s
        if gap_s > GAP_S:
            self._since_s = now_s
            self._pipeline.counters.add("suspended")
            log.info("suspended for %.0f s; going on", gap_s)
        self._looked_s = now_s
