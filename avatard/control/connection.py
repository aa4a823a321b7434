"""One client of the control socket, as the server sees it, and how fast it may be."""

from __future__ import annotations

import socket as sockets
import time
from typing import Final

from avatard.control.protocol import LineBuffer

#: Commands a second from one client; more wait.
RATE: Final = 20.0
#: Bytes of replies a client does not read: beyond this it is let go.
_MAX_UNREAD: Final = 256 * 1024
_READ: Final = 16 * 1024


class Bucket:
    """`rate` a second, and as many at once after a quiet second."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._tokens = rate
        self._filled_s = time.monotonic()

    def wait_s(self, now: float) -> float:
        """Seconds until there is one to take; 0 when there is."""
        self._tokens = min(self._rate, self._tokens + max(0.0, now - self._filled_s) * self._rate)
        self._filled_s = now
        return max(0.0, (1.0 - self._tokens) / self._rate)

    def take(self, now: float) -> bool:
        """Take one; False when there is none yet."""
        if self.wait_s(now) > 0:
            return False
        self._tokens -= 1.0
        return True


class Connection:
    """One connection: what it said, what it has yet to read, when it was last heard."""

    def __init__(self, socket: sockets.socket, now: float, token: bytes = b"") -> None:
        self.socket = socket
        self.token = token  # what its first line must be; empty once it was, or where none is asked
        self.lines = LineBuffer()
        self.unread = bytearray()
        self.rate = Bucket(RATE)
        self.active_s = now
        self.ending = False

    @property
    def busy(self) -> bool:
        """Whether it waits for an answer."""
        return self.lines.has_line or bool(self.unread)

    @property
    def greedy(self) -> bool:
        """Whether it sent more than it may have answered at once."""
        return self.lines.count > 1

    def ready(self, now: float) -> bool:
        """Whether one of its commands may run now."""
        return self.lines.has_line and self.rate.wait_s(now) == 0

    def end(self) -> None:
        """Let it go once it has read what there is for it; nothing it said before or says now is taken."""
        self.ending = True
        self.lines = LineBuffer()

    def receive(self, now: float) -> bool:
        """Take what is there; False at the connection's end."""
        try:
            data = self.socket.recv(_READ)
        except BlockingIOError:
            return True
        except OSError:
            return False
        self.active_s = now
        self.lines.feed(data)
        # Half a line at the end is of no use; whole lines are still answered.
        return bool(data) or self.lines.has_line

    def queue(self, data: bytes) -> None:
        """Leave a reply to be sent."""
        self.unread += data

    def send(self) -> bool:
        """Send what it takes now; False when it is gone or does not read."""
        try:
            while self.unread:
                del self.unread[: self.socket.send(self.unread)]
        except BlockingIOError:
            return len(self.unread) <= _MAX_UNREAD
        except OSError:
            return False
        return True
