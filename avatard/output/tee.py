"""Several sinks at once."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING

from avatard.errors import SinkError
from avatard.output.branch import Branch
from avatard.timing import NS_PER_S

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.output import Sink
    from avatard.sealed import Sealed

#: Opening a device takes the output thread a millisecond or two.
RETRY_S = 2.0
#: A sink that writes one picture for this long is told of as stuck: a pipe that nobody reads, a disk that is away.
STUCK_S = 2.0
#: Of a picture's period: how long `write` waits for the slower ones, so that as a rule all have what it returns from.
PATIENCE = 0.5
#: For each sink that closes: a recording writes its index.
CLOSE_S = 2.0

log = logging.getLogger("avatard.output")


class Tee:
    """Writes each picture to all its sinks, each on a thread of its own: one that is slow misses pictures, one that
    hangs misses them all, and neither holds up the others.

    Opening is all or nothing: what was asked for at the start must be there. A sink that fails later is closed and
    set aside in `lost` with its error, and the others go on; `write` raises only when none is left. What may come
    back is opened again every 2 s, between two pictures.
    """

    def __init__(self, sinks: Sequence[Sink]) -> None:
        assert sinks
        self._sinks = tuple(sinks)
        self._changed = threading.Condition()
        self._open: list[Branch] = []
        self._stuck: set[Branch] = set()
        self._losses: Counter[str] = Counter()
        self.lost: dict[Sink, SinkError] = {}
        self._retry_ns = 0

    @property
    def description(self) -> str:
        """Asked by any thread."""
        states = {branch.sink: " (stuck)" for branch in tuple(self._stuck)}
        states |= {sink: f" (lost: {error.message})" for sink, error in tuple(self.lost.items())}
        return " + ".join(sink.description + states.get(sink, "") for sink in self._sinks)

    @property
    def readers(self) -> int | None:
        """Of all together; None as long as one of them cannot tell, as a recording is always wanted."""
        counts = [branch.readers for branch in self._open]
        return None if None in counts else sum(count for count in counts if count is not None)

    def losses(self) -> Mapping[str, int]:
        losses, self._losses = self._losses, Counter()
        for branch in self._open:
            losses.update(branch.losses())
        return losses

    def __enter__(self) -> Self:
        self._open, self.lost = [], {}
        self._stuck.clear()
        try:
            for sink in self._sinks:
                self._open_branch(sink)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        with ExitStack() as closing:  # closes each even if another's closing fails; last opened, first closed
            for branch in self._open:
                closing.callback(branch.close, CLOSE_S)
            self._open = []

    def write(self, sealed: Sealed) -> None:
        """As every sink's. Returns when all have written it, or one has and the others were given half a period."""
        self._losses["dropped_busy"] += sum(not branch.offer(sealed) for branch in self._open)
        with self._changed:
            self._changed.wait_for(self._all_done, PATIENCE / sealed.format.fps)
            self._changed.wait_for(self._one_done)
        for branch in tuple(self._open):
            self._look_at(branch)
        if self.lost and time.monotonic_ns() >= self._retry_ns:
            self._retry()

    def _all_done(self) -> bool:
        return not any(branch.busy for branch in self._open if branch not in self._stuck)

    def _one_done(self) -> bool:
        """Where not even one takes pictures it waits, as a single sink would, and the watchdog sees it."""
        return not all(branch.busy for branch in self._open)

    def _look_at(self, branch: Branch) -> None:
        """Lose one that failed; tell of one that is stuck, or is no longer."""
        if isinstance(branch.error, SinkError):
            self._lose(branch, branch.error)
            if not self._open:
                raise branch.error
        elif branch.error is not None:
            raise branch.error
        elif branch in self._stuck and not branch.busy:
            self._stuck.remove(branch)
            log.info("%s takes pictures again", branch.sink.description)
        elif branch not in self._stuck and branch.busy_s > STUCK_S:
            self._stuck.add(branch)
            self._losses["sink_errors"] += 1
            log.warning("%s has taken no picture for %.0f s; the others go on", branch.sink.description, STUCK_S)

    def _open_branch(self, sink: Sink) -> None:
        branch = Branch(sink, self._changed)
        branch.open()
        self._open.append(branch)

    def _retry(self) -> None:
        """Open again the lost sinks whose errors say that they may come back."""
        self._put_off()
        for sink, error in tuple(self.lost.items()):
            if not error.retryable:
                continue
            try:
                self._open_branch(sink)
            except SinkError as e:
                # It was there and may come back, whatever its absence looks like: its first error stays.
                log.debug("%s is not back: %s", sink.description, e.message)
            else:
                del self.lost[sink]
                log.info("%s is back", sink.description)

    def _lose(self, branch: Branch, error: SinkError) -> None:
        """It has closed itself."""
        log.warning("%s: %s; going on without it", branch.sink.description, error.message)
        self._open.remove(branch)
        self._losses.update(branch.losses())
        self._stuck.discard(branch)
        self.lost[branch.sink] = error
        self._losses["sink_errors"] += 1
        self._put_off()

    def _put_off(self) -> None:
        self._retry_ns = time.monotonic_ns() + int(RETRY_S * NS_PER_S)
