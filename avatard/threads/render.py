"""The render thread: new frame or tick ▸ track ▸ drive ▸ reenact ▸ seal ─▶ Slot."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from avatard.backoff import Backoff
from avatard.errors import AvatardError
from avatard.reenact import NetworkState
from avatard.threads.stage_thread import StageThread, Switch
from avatard.threads.stepping import Stepping
from avatard.timing import NS_PER_S, Counters, Pacer

if TYPE_CHECKING:
    from avatard.frame import Frame
    from avatard.line import Line
    from avatard.sealed import Sealed
    from avatard.slot import Slot

log = logging.getLogger("avatard.render")

#: A frame that waited longer (behind a pause, or an engine's failure) is not shown any more.
STALE_S = 0.5
#: The longest wait for a frame before the clock draws one: the output stands by at half a second.
LONGEST_WAIT_S = 0.25


_STEPS = {
    "stepped_down": "the machine has no time for the network",
    "stepped_up": "the network draws again",
}


class RenderThread(StageThread):
    """Draws a picture for each new frame, and one for each period in which no frame came.

    While a camera gives frames it is the clock, and ours waits half a period longer than it: a late frame would
    otherwise cost a picture that nobody sees. Where the machine is too slow for the engine's network, it is left out.

    engine, network: of the last picture, "" and `NONE` before the first.
    """

    def __init__(
        self,
        switch: Switch,
        open_line: Callable[[], Line],
        frames: Slot[Frame],
        done: Slot[Sealed],
        counters: Counters,
        fps: float,
        source_fps: Callable[[], float],
    ) -> None:
        super().__init__("render", switch)
        self._open_line = open_line
        self._frames = frames
        self._done = done
        self._counters = counters
        self._period_ns = NS_PER_S / fps
        self._pacer = Pacer(fps)
        self._stepping = Stepping(fps)
        self._source_fps = source_fps
        self._commands: SimpleQueue[Callable[[Line], None]] = SimpleQueue()
        self._backoff = Backoff(switch.wait_stopped)
        self._turned_ns = 0
        self._drew = False
        self.failing = False
        self.engine = ""
        self.network = NetworkState.NONE

    def command(self, command: Callable[[Line], None]) -> None:
        """Have `command` done between two pictures. From any thread."""
        self._commands.put(command)

    @property
    def warm(self) -> bool:
        """Whether engine and tracker are open."""
        return self._turned_ns != 0

    @property
    def hung_s(self) -> float:
        """Seconds since the loop last turned; 0 while it rests, opens its engine or backs off."""
        turned_ns = self._turned_ns
        if not turned_ns or self.switch.held:
            return 0.0
        return (time.monotonic_ns() - turned_ns) / NS_PER_S

    def work(self) -> None:
        """Draw until stopped. Whatever the engine raises is counted and waited out, but for what the user must mend."""
        while not self.switch.stopped:
            try:
                with self._open_line() as line:
                    self._turn(line)
            except Exception as e:
                self._turned_ns = 0
                self._counters.add("engine_errors")
                self.failing = True
                # What never drew is the user's to mend; what did may do so again.
                if isinstance(e, AvatardError) and not e.retryable and not self._drew:
                    raise
                log.error("no picture; next try in %.1f s", self._backoff.delay_s, exc_info=e)
                self._backoff.wait()

    def _turn(self, line: Line) -> None:
        due = time.monotonic_ns()
        wanted = 0.0  # when the next frame is, at the output's rate
        while not self.switch.stopped:
            self._turned_ns = now = time.monotonic_ns()
            self._obey(line)
            if self.switch.held:
                self._frames.take(0.0)
                self.switch.wait_going(0.1)
                continue
            frame = self._frames.take(max(0.0, (due - now) / NS_PER_S))
            now = time.monotonic_ns()
            if frame is not None:
                if now - frame.captured_ns > STALE_S * NS_PER_S:
                    self._counters.add("dropped_waiting")
                    continue
                # A 60 fps camera before a 30 fps device: half its frames would be drawn for nobody.
                if frame.captured_ns < wanted - 0.25 * self._period_ns:
                    self._counters.add("dropped_rate")
                    continue
                wanted = max(wanted + self._period_ns, frame.captured_ns)
                source_fps = self._source_fps()
                waiting = 1.5 * max(self._period_ns, NS_PER_S / source_fps if source_fps else 0)
                due = now + round(min(waiting, max(LONGEST_WAIT_S * NS_PER_S, self._period_ns)))
            elif now >= due:
                due = self._pacer.next_ns(now)
            else:
                continue
            self._draw(line, frame)

    def _draw(self, line: Line, frame: Frame | None) -> None:
        started_ns = time.monotonic_ns()
        face = line.look(frame) if frame is not None else None
        sealed = line.show(frame, face, time.monotonic_ns(), self._stepping.detail)
        self._step(line, started_ns, frame)
        displaced = self._done.put(sealed)
        if displaced is not None:
            displaced.release()
            if not self.switch.stopped:
                self._counters.add("dropped_done")
        self.failing = False
        self._drew = True
        self._backoff.reset()

    def _step(self, line: Line, started_ns: int, frame: Frame | None) -> None:
        """Decide whether the next picture is drawn with the network."""
        self.engine, self.network = line.engine, line.network
        if self.network in (NetworkState.NONE, NetworkState.FAILING):
            return  # there is nothing to leave out
        now_ns = time.monotonic_ns()
        age_ns = now_ns - frame.captured_ns if frame is not None else None
        if change := self._stepping.drawn(now_ns, now_ns - started_ns, age_ns):
            self._counters.add(change)
            log.info("%s: %s", change.replace("_", " "), _STEPS[change])

    def _obey(self, line: Line) -> None:
        try:
            while True:
                self._commands.get_nowait()(line)
        except Empty:
            return
