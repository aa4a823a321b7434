"""The commands' end of the control socket."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

from avatard.control import address, door
from avatard.control.protocol import Failure, LineBuffer, Request, decode_reply, encode_request
from avatard.errors import AvatardError, ControlError

_JOIN_GROUP = "Join the service's group: sudo usermod -aG avatard $USER   # then log out and in again"


class NotRunningError(ControlError):
    """Nobody listens at the control socket."""


class _LetGoError(Exception):
    """The server hung up before it answered, so it did not carry the command out."""


def call(
    command: str,
    args: Mapping[str, object] | None = None,
    socket: Path | None = None,
    timeout_s: float = 5.0,
) -> dict[str, object]:
    """Have the running daemon carry out `command`; its result.

    `socket` None: where `address.client_path` says. Raises NotRunningError; another ControlError when the daemon does
    not answer within about `timeout_s`; and what it refused as the error it is there (AvatarError for an unknown
    avatar).
    """
    path = address.client_path() if socket is None else socket
    line = encode_request(Request(1, command, args or {}))
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            reply = decode_reply(_ask(path, line, timeout_s))
            break
        # In a storm of other clients the server lets the newest or the silent ones go: ask again.
        except _LetGoError:
            if time.monotonic() > deadline:
                raise _no_answer(timeout_s) from None
            time.sleep(0.02)
        except TimeoutError as e:
            raise _no_answer(timeout_s) from e
        except (FileNotFoundError, ConnectionRefusedError) as e:
            raise NotRunningError("no avatard is running", "Start it with: avatard up") from e
        except PermissionError as e:
            hint = _JOIN_GROUP if path == address.SYSTEM_SOCKET else address.YOURS
            raise ControlError(f"no permission to command the avatard at {path}", hint) from e
        except OSError as e:
            raise ControlError(f"cannot reach avatard at {path}: {e.strerror}", "Start it with: avatard up") from e
    if reply.failure is not None:
        raise _error(reply.failure)
    return dict(reply.result)


def _ask(path: Path, line: bytes, timeout_s: float) -> bytes:
    """Send the request's line; the reply's. Raises OSError and _LetGoError."""
    try:
        with door.connected(path, timeout_s) as connection:
            connection.sendall(line)
            lines = LineBuffer()
            while (answer := lines.take()) is None:
                data = connection.recv(16 * 1024)
                if not data:
                    raise _LetGoError
                lines.feed(data)
            return answer
    # The first: its queue is full.
    except (BlockingIOError, ConnectionResetError, ConnectionAbortedError, BrokenPipeError) as e:
        raise _LetGoError from e


def _no_answer(timeout_s: float) -> ControlError:
    return ControlError(
        f"avatard did not answer within {timeout_s:g} s", "Its log says why; end it with Ctrl-C or kill."
    )


def _error(failure: Failure) -> AvatardError:
    """The failure as the error it was in the daemon, so that the command exits as the daemon would have."""
    by_code = {kind.exit_code: kind for kind in AvatardError.__subclasses__()}
    return by_code.get(failure.exit_code, ControlError)(failure.message, failure.hint)
