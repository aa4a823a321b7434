"""The capture thread: source.read ─▶ Slot. A lost camera is opened again; meanwhile the avatar idles."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from avatard.backoff import Backoff
from avatard.errors import SourceError
from avatard.threads.stage_thread import StageThread, Switch
from avatard.timing import NS_PER_S, Counters, StageTimer

if TYPE_CHECKING:
    from avatard.capture import Source
    from avatard.frame import Frame
    from avatard.slot import Slot

log = logging.getLogger("avatard.capture")

#: A camera that should give frames and gives none for this long is opened again.
FROZEN_S = 5.0


class CaptureThread(StageThread):
    """Reads the newest frame into `frames`.

    description, fps: of the open source; fps 0 while there is none.
    """

    def __init__(
        self,
        switch: Switch,
        open_source: Callable[[], Source],
        frames: Slot[Frame],
        timers: Mapping[str, StageTimer],
        counters: Counters,
    ) -> None:
        super().__init__("capture", switch)
        self._open_source = open_source
        self._frames = frames
        self._timer = timers["capture"]
        self._counters = counters
        self._backoff = Backoff(switch.wait_stopped)
        self.description = "opening"
        self.fps = 0.0

    def work(self) -> None:
        """Read until stopped or the source ends; retryable failures are waited out."""
        while not self.switch.stopped:
            if self.switch.held:
                self.description = "closed"
                self.switch.wait_going(0.25)
                continue
            try:
                with self._open_source() as source:
                    self.description, self.fps = source.description, source.fps
                    log.info("source: %s", source.description)
                    self._read(source)
            except EOFError:
                log.info("the source has ended")
                self.switch.stop()
            except SourceError as e:
                self._counters.add("source_errors")
                self.description = f"none ({e.message})"
                # What never gave a frame is the user's to mend; a camera that did is on its way back, whatever its
                # absence looks like.
                if not e.retryable and not self._counters["captured"]:
                    raise
                log.warning("%s; the avatar idles, next try in %.1f s. %s", e.message, self._backoff.delay_s, e.hint)
                self._backoff.wait()
            finally:
                self.fps = 0.0

    def _read(self, source: Source) -> None:
        """Until stopped or held: an avatar that rests has its camera closed, so that the camera's light is off."""
        last_ns = time.monotonic_ns()
        while not (self.switch.stopped or self.switch.held):
            frame = source.read(0.25)
            now = time.monotonic_ns()
            if frame is not None:
                last_ns = now
                self._timer.add(now - frame.captured_ns)
                self._counters.add("captured")
                if self._frames.put(frame) is not None:
                    self._counters.add("dropped_waiting")
                self._backoff.reset()
            elif source.fps and now - last_ns > FROZEN_S * NS_PER_S:
                raise SourceError(
                    f"{source.description} gave no frame for {FROZEN_S:.0f} s",
                    "Unplug it and plug it in again, or see: avatard devices",
                    retryable=True,
                )
