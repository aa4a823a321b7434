"""One sink of several, written by a thread of its own, so that it holds up none of the others."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from avatard.output import losses_of, readers_of
from avatard.timing import NS_PER_S

if TYPE_CHECKING:
    from avatard.output import Sink
    from avatard.sealed import Sealed


class Branch:
    """Takes a picture when it has written the one before; another meanwhile passes it by. One thread calls.

    The sink is asked who reads it and what it lost by the thread that writes it, after opening and after each picture:
    readers, as `readers_of`, is what it said last.
    changed: notified when a picture is written or the branch has failed; shared by the branches of a tee.
    """

    def __init__(self, sink: Sink, changed: threading.Condition) -> None:
        self.sink = sink
        self._changed = changed
        self._picture: Sealed | None = None
        self._taken_ns = 0
        self._closing = False
        self._losses: Counter[str] = Counter()
        self.readers: int | None = None
        self.error: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="avatard-sink", daemon=True)

    def open(self) -> None:
        """Open the sink, on the caller's thread. Raises SinkError."""
        self.sink.__enter__()
        self.readers = readers_of(self.sink)
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether it still writes."""
        return self._picture is not None

    @property
    def busy_s(self) -> float:
        """Seconds that it has written its present picture; 0 while it has none."""
        return (time.monotonic_ns() - self._taken_ns) / NS_PER_S if self.busy else 0.0

    def losses(self) -> Mapping[str, int]:
        """As `losses_of`: what the sink lost since this was last asked."""
        with self._changed:
            losses, self._losses = self._losses, Counter()
            return losses

    def offer(self, sealed: Sealed) -> bool:
        """Have `sealed` written; False where it is still busy, or has failed."""
        with self._changed:
            if self._picture is not None or self.error is not None:
                return False
            self._picture, self._taken_ns = sealed.share(), time.monotonic_ns()
            self._changed.notify_all()
            return True

    def close(self, timeout_s: float) -> None:
        """Close the sink once it has written what it has. One that hangs is left behind after `timeout_s`.

        Raises what closing raised; not what writing did, which is in `error`.
        """
        failed = self.error is not None
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join(timeout_s)
        if not failed and self.error is not None:
            raise self.error

    def _run(self) -> None:
        """Write what comes until closed or until it fails; close the sink in both cases."""
        failure: Exception | None = None
        try:
            while (picture := self._next()) is not None:
                self._write(picture)
        except Exception as e:  # the caller's to judge, as if its own call had raised it
            failure = e
        try:
            self.sink.__exit__(type(failure) if failure else None, failure, None)
        except Exception as e:
            failure = failure or e
        with self._changed:
            self.error, self._picture = failure, None
            self._changed.notify_all()

    def _next(self) -> Sealed | None:
        with self._changed:
            self._changed.wait_for(lambda: self._picture is not None or self._closing)
            return self._picture

    def _write(self, picture: Sealed) -> None:
        try:
            self.sink.write(picture)
        finally:
            picture.release()
        readers, losses = readers_of(self.sink), losses_of(self.sink)
        with self._changed:
            self.readers = readers
            self._losses.update(losses)
            self._picture = None
            self._changed.notify_all()
