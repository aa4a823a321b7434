"""What goes over the control socket: one JSON object a line, each way. Pure: bytes in, values out, no I/O.

    → {"v":1,"id":7,"command":"use","args":{"avatar":"mira"}}
    ← {"v":1,"id":7,"ok":true,"result":{}}
    ← {"v":1,"id":7,"ok":false,"error":{"message":"…","hint":"…","exit_code":14}}

Strict on purpose: whatever is not exactly this raises ProtocolError, and the connection ends. An error whose line
could not be read carries id null.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn

from avatard import strict_json
from avatard.errors import ControlError

VERSION: Final = 1
#: A line's bytes with its end. The longest real one, a status with all stages, is about 4 KiB.
MAX_LINE: Final = 64 * 1024
#: JSON numbers above this lose digits in other languages' clients.
_MAX_ID: Final = 2**53 - 1
_COMMAND: Final = re.compile(r"[a-z][a-z-]{0,31}\Z")


class ProtocolError(ControlError):
    """A line that is none of ours."""


@dataclass(frozen=True, slots=True)
class Request:
    """A command for the daemon. `id` comes back with the reply."""

    id: int
    command: str
    args: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a command was refused: an `AvatardError`'s own words and exit code."""

    message: str
    hint: str
    exit_code: int


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to the request `id`: `result`, or `failure`. `id` is None where no request could be read."""

    id: int | None
    result: Mapping[str, object] = field(default_factory=dict)
    failure: Failure | None = None


def encode_request(request: Request) -> bytes:
    """The request's line. Raises ProtocolError when it would not be accepted."""
    return _encode({"v": VERSION, "id": request.id, "command": request.command, "args": dict(request.args)})


def encode_reply(reply: Reply) -> bytes:
    """The reply's line. Raises ProtocolError when it would not be accepted."""
    if reply.failure is None:
        return _encode({"v": VERSION, "id": reply.id, "ok": True, "result": dict(reply.result)})
    error = {"message": reply.failure.message, "hint": reply.failure.hint, "exit_code": reply.failure.exit_code}
    return _encode({"v": VERSION, "id": reply.id, "ok": False, "error": error})


def decode_request(line: bytes) -> Request:
    """The request that `line` is. Raises ProtocolError."""
    data = _decode(line, {"v", "id", "command", "args"})
    number, command, args = data["id"], data["command"], data["args"]
    if not _is_id(number):
        _refuse("id is not a whole number")
    if not isinstance(command, str) or not _COMMAND.match(command):
        _refuse("command is not a name")
    if not isinstance(args, dict):
        _refuse("args is not an object")
    return Request(number, command, args)


def decode_reply(line: bytes) -> Reply:
    """The reply that `line` is. Raises ProtocolError."""
    data = _decode(line, {"v", "id", "ok", "result"}, {"v", "id", "ok", "error"})
    number = data["id"]
    if number is not None and not _is_id(number):
        _refuse("id is not a whole number")
    if data["ok"] is not ("result" in data):
        _refuse("ok does not fit the rest")
    if "error" in data:
        return Reply(number, failure=_failure(data["error"]))
    if not isinstance(data["result"], dict):
        _refuse("result is not an object")
    return Reply(number, data["result"])


def _failure(data: object) -> Failure:
    if not isinstance(data, dict) or data.keys() != {"message", "hint", "exit_code"}:
        _refuse("error has not its three fields")
    message, hint, code = data["message"], data["hint"], data["exit_code"]
    if not isinstance(message, str) or not isinstance(hint, str):
        _refuse("error's words are not text")
    if not _is_id(code) or not 1 <= code <= 255:
        _refuse("exit_code is not from 1 to 255")
    return Failure(message, hint, code)


class LineBuffer:
    """Bytes as they arrive, lines as they are complete. Holds at most `MAX_LINE` bytes and one read."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def __len__(self) -> int:
        return len(self._bytes)

    def feed(self, data: bytes) -> None:
        """Take what a read gave."""
        self._bytes += data

    @property
    def has_line(self) -> bool:
        """Whether `take` has something to give, a ProtocolError included."""
        return b"\n" in self._bytes or len(self._bytes) > MAX_LINE

    @property
    def count(self) -> int:
        """Complete lines that wait."""
        return self._bytes.count(b"\n")

    def take(self) -> bytes | None:
        """The next complete line without its end, or None. Raises ProtocolError for a line too long."""
        end = self._bytes.find(b"\n")
        if end >= MAX_LINE or (end < 0 and len(self._bytes) > MAX_LINE):
            _refuse(f"line longer than {MAX_LINE} bytes")
        if end < 0:
            return None
        line = bytes(self._bytes[:end])
        del self._bytes[: end + 1]
        return line


def _encode(data: Mapping[str, object]) -> bytes:
    try:
        line = json.dumps(data, separators=(",", ":"), allow_nan=False).encode() + b"\n"
    except (TypeError, ValueError, RecursionError) as e:
        raise ProtocolError(f"not for the control protocol: {e}") from e
    if len(line) > MAX_LINE:
        _refuse(f"line longer than {MAX_LINE} bytes")
    return line


def _decode(line: bytes, *shapes: set[str]) -> dict[str, Any]:
    """The object on `line`, whose keys are one of `shapes` and whose version is ours."""
    try:
        data = strict_json.loads(line.decode())
    # ValueError: not JSON, not UTF-8, or a number of thousands of digits. RecursionError: thousands of brackets.
    except (ValueError, RecursionError):
        _refuse("not a line of JSON")
    if not isinstance(data, dict):
        _refuse("not an object")
    if data.get("v") != VERSION or isinstance(data["v"], bool):
        _refuse(f"not version {VERSION} of the protocol")
    if data.keys() not in shapes:
        _refuse("not the protocol's fields")
    return data


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MAX_ID


def _refuse(why: str) -> NoReturn:
    raise ProtocolError(f"control protocol: {why}", "Use the same version of avatard on both ends.")
