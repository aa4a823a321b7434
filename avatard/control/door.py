"""The way in, of the kind that this platform has: a Unix socket, or a port with a token on Windows."""

from __future__ import annotations

import contextlib
import socket as sockets
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple


class Listener(NamedTuple):
    """A listening socket, and whom it takes.

    admits: whether a new connection may command this daemon; raises OSError when it is gone. token: the first line
    that it must then send, "" for none.
    """

    socket: sockets.socket
    admits: Callable[[sockets.socket], bool]
    token: bytes = b""


@contextlib.contextmanager
def listening(path: Path) -> Iterator[Listener]:
    """The daemon's end. Raises ControlError: another avatard runs, or the place cannot be used."""
    if sys.platform == "win32":
        from avatard.control import tcp_port

        with tcp_port.listening(path) as (listener, token):
            yield Listener(listener, lambda connection: True, token)
    else:
        from avatard.control import unix_socket

        with unix_socket.listening(path) as listener:
            yield Listener(listener, lambda connection: unix_socket.may_command(connection, path))


def connected(path: Path, timeout_s: float) -> AbstractContextManager[sockets.socket]:
    """The commands' end: a connection that takes requests. Entering raises OSError, and ControlError for a listener
    that is not to be told anything."""
    if sys.platform == "win32":
        from avatard.control import tcp_port

        return tcp_port.connected(path, timeout_s)
    from avatard.control import unix_socket

    return unix_socket.connected(path, timeout_s)
