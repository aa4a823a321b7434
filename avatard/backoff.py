"""How long to wait before something that failed is tried again."""

from __future__ import annotations

from collections.abc import Callable

FIRST_S = 0.5
LONGEST_S = 10.0


class Backoff:
    """0.5 s after the first failure, twice as long after each further one, 10 s at most. One thread's own.

    wait_s: waits for so many seconds, or until whoever fails is no longer wanted.
    """

    def __init__(self, wait_s: Callable[[float], object]) -> None:
        self._wait_s = wait_s
        self.delay_s = FIRST_S

    def wait(self) -> None:
        """Wait, longer than the last time."""
        self._wait_s(self.delay_s)
        self.delay_s = min(2 * self.delay_s, LONGEST_S)

    def reset(self) -> None:
        """It worked: the next failure is a first one."""
        self.delay_s = FIRST_S
