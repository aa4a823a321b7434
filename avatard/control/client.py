"""The commands' end of the control socket."""

from __future__ import annotations

import socket as sockets
import time
from collections.abc import Mapping
from pathlib import Path

from avatard.control import address
from avatard.control.protocol import Failure, LineBuffer, Request, decode_reply, encode_request
from avatard.errors import AvatardError, ControlError


def call(
    command: str,
    args: Mapping[str, object] | None = None,
    socket: Path | None = None,
    timeout_s: float = 5.0,
) -> dict[str, object]:
    """Have the running daemon carry out `command`; its result.

    `socket` None: where `address.default_path` says. Waits `timeout_s` for each step. Raises ControlError when no
    daemon answers, and what the daemon refused as the error it is there (AvatarError for an unknown avatar).
    """
    path = address.default_path() if socket is None else socket
    address.require_unix_sockets()
    address.check_path(path)
    with sockets.socket(sockets.AF_UNIX, sockets.SOCK_STREAM) as connection:
        connection.settimeout(timeout_s)
        try:
            _connect(connection, path, timeout_s)
            if not address.is_trusted(address.peer_uid(connection)):
                raise ControlError(f"another user listens at {path}", "Name yours with --socket or AVATARD_SOCKET.")
            connection.sendall(encode_request(Request(1, command, args or {})))
            reply = decode_reply(_line(connection))
        except TimeoutError as e:
            raise ControlError(
                f"avatard did not answer within {timeout_s:g} s", "Its log says why; stop it with Ctrl-C or kill."
            ) from e
        except (FileNotFoundError, ConnectionRefusedError) as e:
            raise ControlError("no avatard is running", "Start it with: avatard up") from e
        except OSError as e:
            raise ControlError(f"cannot reach avatard at {path}: {e.strerror}", "Start it with: avatard up") from e
    if reply.failure is not None:
        raise _error(reply.failure)
    return dict(reply.result)


def _connect(connection: sockets.socket, path: Path, timeout_s: float) -> None:
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            connection.connect(str(path))
            return
        except BlockingIOError:  # the listener's queue is full: others are storming it
            if time.monotonic() > deadline:
                raise TimeoutError from None
            time.sleep(0.01)


def _line(connection: sockets.socket) -> bytes:
    lines = LineBuffer()
    while (line := lines.take()) is None:
        data = connection.recv(16 * 1024)
        if not data:
            raise ControlError("avatard hung up without an answer", "Ask again: avatard status")
        lines.feed(data)
    return line


def _error(failure: Failure) -> AvatardError:
    """The failure as the error it was in the daemon, so that the command exits as the daemon would have."""
    by_code = {kind.exit_code: kind for kind in AvatardError.__subclasses__()}
    return by_code.get(failure.exit_code, ControlError)(failure.message, failure.hint)
