"""The output thread: Slot ─▶ sink.write, on arrival; repeats, and the standby picture when there is nothing to show.

It knows the sinks, so it also knows who reads them: while pictures are not wanted it holds the switch as asleep.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

from avatard.backoff import Backoff
from avatard.errors import SinkError
from avatard.output import losses_of, readers_of
from avatard.seal import StandbyReason
from avatard.threads.stage_thread import Hold, StageThread, Switch
from avatard.timing import NS_PER_S, Counters, StageTimer

if TYPE_CHECKING:
    from avatard.output import Sink
    from avatard.seal import Sealer
    from avatard.sealed import Sealed
    from avatard.slot import Slot
    from avatard.threads.demand import Wanted

log = logging.getLogger("avatard.output")

#: A picture older than this is not shown: a frozen face looks like an attentive one.
STALE_S = 0.5
#: The standby picture's period: often enough that no reader gives up.
STANDBY_S = 0.2


class OutputThread(StageThread):
    """Writes each picture when it arrives; never waits for a sink's rate.

    Nothing new for two periods: the last picture again. Nothing for `STALE_S`, or a reason to hide: standby.
    wrote_ns: when a sink last took a picture of any kind. first_ns: when it took the first of the avatar, else 0.
    readers: how many read the sinks, None where they cannot tell.
    """

    def __init__(
        self,
        switch: Switch,
        open_sink: Callable[[], Sink],
        done: Slot[Sealed],
        sealer: Sealer,
        why_standby: Callable[[], StandbyReason],
        wanted: Wanted,
        timers: Mapping[str, StageTimer],
        counters: Counters,
        fps: float,
    ) -> None:
        super().__init__("output", switch)
        self._open_sink = open_sink
        self._done = done
        self._sealer = sealer
        self._why_standby = why_standby
        self._wanted = wanted
        self._timers = timers
        self._counters = counters
        self._repeat_s = 2 / fps
        self._backoff = Backoff(switch.wait_stopped)
        self._sink_stack = ExitStack()
        self._sink: Sink | None = None
        self._last: Sealed | None = None
        self._absence = "opening"
        self.standing_by = True
        self.readers: int | None = None
        self._turned_ns = 0
        self.wrote_ns = 0
        self.first_ns = 0

    def open(self) -> None:
        """Open the sink: by the thread that starts the pipeline, so that its errors are the user's at once."""
        self._sink = self._sink_stack.enter_context(self._open_sink())
        self._sealer.announce()  # whoever looks at it has not been told yet
        log.info("sink: %s", self.description)
        self._attend()

    def work(self) -> None:
        """Write until stopped; a sink that vanished is opened again."""
        with self._sink_stack:
            while not self.switch.stopped:
                try:
                    self._turn()
                except SinkError as e:
                    self._lose_sink(e)
            self._say_goodbye()
        if self._last is not None:
            self._last.release()

    @property
    def description(self) -> str:
        """Of the sink as it is now, or why there is none."""
        sink = self._sink
        return self._absence if sink is None else sink.description

    @property
    def sink_lost(self) -> bool:
        """Whether the sink is gone and waited for."""
        return self._sink is None

    @property
    def hung_s(self) -> float:
        """Seconds since the loop last turned; 0 while it waits to open its sink again."""
        turned_ns = self._turned_ns
        return (time.monotonic_ns() - turned_ns) / NS_PER_S if turned_ns else 0.0

    def _turn(self) -> None:
        if self._sink is None:
            self.open()
        self._turned_ns = time.monotonic_ns()
        self._attend()  # before the wait: it is the time for a first picture, when this wakes
        fresh = self._done.take(STANDBY_S if self.standing_by else self._repeat_s)
        if self.switch.stopped or self.switch.held:
            if fresh is not None:
                fresh.release()
            if not self.switch.stopped:
                self._stand_by()
        elif fresh is not None and fresh.standby:  # the self-check did not find the badge
            self._show_card(fresh)
        elif fresh is not None:
            if self._last is not None:
                self._last.release()
            self._last = fresh
            self.standing_by = False
            self._write(fresh)
            self._counters.add("delivered")
            self.first_ns = self.first_ns or self.wrote_ns
            if fresh.seq >= 0:
                self._timers["age"].add(self.wrote_ns - fresh.captured_ns)
        elif self._last is not None and time.monotonic_ns() - self._last.sealed_ns < STALE_S * NS_PER_S:
            self._counters.add("repeated")
            self._write(self._last)
        else:
            self._stand_by()

    def _attend(self) -> None:
        """Look who reads, and fall asleep or wake up accordingly. A sink that is gone has no readers."""
        self.readers = readers_of(self._sink) if self._sink is not None else 0
        if self._wanted(time.monotonic_ns(), self.readers):
            if self.switch.release(Hold.ASLEEP):
                self._counters.add("woken")
                log.info("awake: the sinks are read")
        elif self.switch.hold(Hold.ASLEEP):
            log.info("asleep: nobody reads the sinks")

    def _stand_by(self) -> None:
        self._show_card(self._sealer.standby(self._why_standby()))

    def _show_card(self, card: Sealed) -> None:
        self.standing_by = True
        self._counters.add("standby")
        try:
            self._write(card)
        finally:
            card.release()

    def _say_goodbye(self) -> None:
        """Leave a card in the device instead of a frozen face."""
        if self._sink is not None:
            with suppress(SinkError):
                self._show_card(self._sealer.standby(StandbyReason.STOPPING))

    def _write(self, sealed: Sealed) -> None:
        assert self._sink is not None
        with self._timers["output"].measure():
            self._sink.write(sealed)
        self.wrote_ns = time.monotonic_ns()
        for cause, times in losses_of(self._sink).items():
            self._counters.add(cause, times)
        self._backoff.reset()

    def _lose_sink(self, e: SinkError) -> None:
        self._counters.add("sink_errors")
        self._turned_ns = 0
        was_open = self._sink is not None
        self._sink = None
        self._sink_stack.close()
        self._attend()
        # What fails to open here was open before: a device that is away for a moment looks like one that never was.
        if was_open and not e.retryable:
            raise e
        self._absence = f"none ({e.message})"
        log.warning("%s; next try in %.1f s. %s", e.message, self._backoff.delay_s, e.hint)
        self._backoff.wait()
