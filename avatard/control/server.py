"""The daemon's end of the control socket: one thread, bounded in everything.

Clients, bytes a line, lines a second and waiting replies all have limits, so that no storm of commands takes time or
memory from the pictures. Too much is not answered faster, it waits; what is not the protocol gets one error line and
the connection's end.
"""

from __future__ import annotations

import hmac
import logging
import selectors
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, TypeAlias

from avatard.control import door
from avatard.control.address import default_path
from avatard.control.connection import Bucket, Connection
from avatard.control.protocol import Failure, ProtocolError, Reply, decode_request, encode_reply
from avatard.errors import AvatardError

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["IDLE_S", "MAX_CLIENTS", "TOTAL_RATE", "Handle", "Server", "default_path"]

log = logging.getLogger("avatard.control")

Handle: TypeAlias = Callable[[str, Mapping[str, object]], Mapping[str, object]]
"""Carries a command out: name and arguments to result; raises AvatardError for what it refuses."""

MAX_CLIENTS: Final = 16
#: A client that says nothing for this long is let go: a panel asks every second.
IDLE_S: Final = 30.0
#: Commands a second from all clients; more wait. A status takes about 1 ms: at worst this is a twentieth of a core.
TOTAL_RATE: Final = 50.0


class Server:
    """Listens while it is entered. `handle` is called on the server's thread, one command at a time, and should
    return within about a second.

    Entering raises ControlError: another avatard runs, or there is no place for the socket.
    """

    def __init__(self, path: Path, handle: Handle) -> None:
        self._path = path
        self._handle = handle
        self._stack = ExitStack()
        self._clients: dict[int, Connection] = {}
        self._budget = Bucket(TOTAL_RATE)

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._listener = stack.enter_context(door.listening(self._path))
            self._listener.socket.setblocking(False)
            self._selector = stack.enter_context(selectors.DefaultSelector())
            self._wake_in, self._wake_out = socket.socketpair()
            stack.enter_context(self._wake_in)
            stack.enter_context(self._wake_out)
            self._selector.register(self._listener.socket, selectors.EVENT_READ)
            self._selector.register(self._wake_out, selectors.EVENT_READ)
            thread = threading.Thread(target=self._run, name="control", daemon=True)
            thread.start()
            stack.callback(self._end, thread)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        self._stack.close()

    def _end(self, thread: threading.Thread) -> None:
        self._wake_in.send(b"x")
        # A command that hangs must not keep the process alive: the thread is a daemon's.
        thread.join(2.0)

    def _run(self) -> None:
        try:
            while self._turn():
                pass
        finally:
            for client in list(self._clients.values()):
                self._let_go(client)

    def _turn(self) -> bool:
        """One round: take what came, then at most one command of each client, so that none starves the others."""
        for key, events in self._selector.select(self._timeout_s()):
            if key.fileobj is self._wake_out:
                return False
            if key.fileobj is self._listener.socket:
                self._accept()
            else:
                self._transfer(key.data, events)
        now = time.monotonic()
        for fileno, client in list(self._clients.items()):
            if client.ready(now) and self._budget.take(now):
                self._clients[fileno] = self._clients.pop(fileno)  # to the end: when commands wait, turns go round
                self._serve(client, now)
            elif not client.lines.has_line and now - client.active_s > IDLE_S:
                self._let_go(client)
        return True

    def _timeout_s(self) -> float | None:
        """Until a waiting command may run, or until someone may be idle too long."""
        if not self._clients:
            return None
        now = time.monotonic()
        waits = [max(c.rate.wait_s(now), self._budget.wait_s(now)) for c in self._clients.values() if c.lines.has_line]
        return min([*waits, IDLE_S])

    def _accept(self) -> None:
        try:
            connection, _ = self._listener.socket.accept()
        except OSError:  # gone before we came to it; or no descriptor is free, and then it stays readable
            time.sleep(0.01)
            return
        try:
            trusted = self._listener.admits(connection)
        except OSError:
            trusted = False
        if not trusted:
            log.warning("refused a connection of another user")
            connection.close()
            return
        if len(self._clients) >= MAX_CLIENTS:
            # One that hoards commands goes, else the one silent longest: neither must keep `avatard stop` out.
            self._let_go(min(self._clients.values(), key=lambda c: (not c.greedy, c.busy, c.active_s)))
        connection.setblocking(False)
        client = Connection(connection, time.monotonic(), self._listener.token)
        self._clients[connection.fileno()] = client
        self._selector.register(connection, selectors.EVENT_READ, client)

    def _transfer(self, client: Connection, events: int) -> None:
        alive = True
        if events & selectors.EVENT_READ:
            alive = client.receive(time.monotonic())
        if alive and events & selectors.EVENT_WRITE:
            alive = client.send()
        self._settle(client, alive)

    def _serve(self, client: Connection, now: float) -> None:
        client.rate.take(now)
        try:
            line = client.lines.take()
            assert line is not None
            if client.token:
                self._introduce(client, line)
                return
            client.queue(self._answer(line))
        except ProtocolError as e:
            client.queue(encode_reply(Reply(None, failure=Failure(e.message, e.hint, e.exit_code))))
            client.end()
        self._settle(client, client.send())

    def _introduce(self, client: Connection, line: bytes) -> None:
        """Its first line: the token, or the end. Nothing is answered to one who has it not."""
        if hmac.compare_digest(line, client.token):
            client.token = b""
            self._settle(client, True)
        else:
            log.warning("refused a connection without the token")
            self._let_go(client)

    def _answer(self, line: bytes) -> bytes:
        request = decode_request(line)
        try:
            return encode_reply(Reply(request.id, self._handle(request.command, request.args)))
        except AvatardError as e:
            failure = Failure(e.message, e.hint, e.exit_code)
        except Exception:  # a bug in a command must not cost the user the way to stop the daemon
            log.exception("command %s failed", request.command)
            failure = Failure("a bug in avatard: its log has the details", "Please report it.", 1)
        return encode_reply(Reply(request.id, failure=failure))

    def _settle(self, client: Connection, alive: bool) -> None:
        """Wait for what the client needs next, or let it go."""
        if not alive or (client.ending and not client.unread):
            self._let_go(client)
            return
        events = selectors.EVENT_WRITE if client.unread else 0
        # What is complete is served before more is read: the kernel holds the rest, and the sender waits.
        if not client.ending and not client.lines.has_line:
            events |= selectors.EVENT_READ
        registered = client.socket in self._selector.get_map()
        if events and registered:
            self._selector.modify(client.socket, events, client)
        elif events:
            self._selector.register(client.socket, events, client)
        elif registered:
            self._selector.unregister(client.socket)

    def _let_go(self, client: Connection) -> None:
        if self._clients.pop(client.socket.fileno(), None) is None:
            return
        if client.socket in self._selector.get_map():
            self._selector.unregister(client.socket)
        client.socket.close()
