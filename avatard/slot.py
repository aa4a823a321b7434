"""One place between two threads: the latest wins.

Why not a queue: a frame that waits behind another is already too old to show. With one in flight and one
waiting, latency is bounded by one period however slow the consumer is; what is displaced is counted, not hidden.
(The same reasoning as MediaPipe's flow limiter and scrcpy's frame buffer.)
"""

from __future__ import annotations

import threading
from typing import Generic, TypeVar

T = TypeVar("T")


class Slot(Generic[T]):
    """A one-place buffer. Any thread may call any method."""

    def __init__(self) -> None:
        self._item: T | None = None
        self._closed = False
        self._dropped = 0
        self._changed = threading.Condition()

    def put(self, item: T) -> T | None:
        """Leave `item` for the consumer; return the one it displaces, if any, which counts as dropped.

        Never blocks. After `close` the item itself comes back (and is not counted): nobody will take it.
        """
        with self._changed:
            if self._closed:
                return item
            displaced, self._item = self._item, item
            if displaced is not None:
                self._dropped += 1
            self._changed.notify()
            return displaced

    def take(self, timeout_s: float | None = None) -> T | None:
        """Wait for an item and take it; `None` when `timeout_s` passed or the slot was closed."""
        with self._changed:
            if self._item is None and not self._closed and (timeout_s is None or timeout_s > 0):
                self._changed.wait_for(lambda: self._item is not None or self._closed, timeout_s)
            item, self._item = self._item, None
            return item

    def close(self) -> None:
        """Wake the consumer; nothing is taken or left any more but what already waits."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._closed

    @property
    def dropped(self) -> int:
        """How many items were displaced before anyone took them."""
        return self._dropped
