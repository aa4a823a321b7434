"""When a recorded source's frames are due."""

from __future__ import annotations

import time

from avatard.timing import NS_PER_S, Pacer


class Ticks:
    """Waits for one deadline after another at `fps`, as a camera's exposures come, in the caller's own time.

    Starts at the first `wait`. Late calls skip ticks, as a camera does not wait either.
    """

    def __init__(self, fps: float) -> None:
        self._fps = fps
        self._pacer: Pacer | None = None
        self._start_ns = 0
        self._due_ns: int | None = None
        self._last = 0

    def wait(self, timeout_s: float) -> tuple[int, int] | None:
        """Sleep to the next deadline, at most `timeout_s`: (its monotonic time in ns, how many ticks on it is from the
        last one given, at least 1); `None` when it is further away than that."""
        now = time.monotonic_ns()
        if self._pacer is None:
            self._start_ns = now
            self._pacer = Pacer(self._fps, now)
        if self._due_ns is None:
            self._due_ns = self._pacer.next_ns(now)
        limit = now + int(timeout_s * NS_PER_S)
        while (left := min(self._due_ns, limit) - time.monotonic_ns()) > 0:
            time.sleep(left / NS_PER_S)
        if self._due_ns > limit:
            return None
        due, self._due_ns = self._due_ns, None
        index = round((due - self._start_ns) * self._fps / NS_PER_S)
        on, self._last = index - self._last, index
        return due, on
