"""The control socket where Python has no Unix sockets (Windows): a port of this machine, and a token for it.

Any program of any user can reach a port. So who listens writes the port and a fresh random token to a file that this
user alone can read, and takes only connections whose first line is that token: a web page cannot send it, nor can
another user. On Windows the file lies in the user's profile, which other users cannot read.
"""

from __future__ import annotations

import contextlib
import re
import secrets
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from avatard.control.address import ELSEWHERE
from avatard.control.lock import only_one
from avatard.errors import ControlError
from avatard.whole_file import write_whole

#: Reached from this machine alone; not "localhost", which may be ::1.
HOST: Final = "127.0.0.1"
#: What the file holds: "49321 5f…", the port and 64 hexadecimal digits.
_LINE: Final = re.compile(r"(\d{1,5}) ([0-9a-f]{64})\n?\Z")


@contextlib.contextmanager
def listening(path: Path) -> Iterator[tuple[socket.socket, bytes]]:
    """A listening socket that the file at `path` tells of, and its token; the file is gone again afterwards.

    Raises ControlError: another daemon runs, or there is no place for the file.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as e:
        raise ControlError(f"cannot use the folder {path.parent}: {e.strerror}", ELSEWHERE) from e
    with only_one(path), socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        token = secrets.token_hex(32)
        try:
            if sys.platform == "win32":  # else another program could bind the same port beside us
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
            listener.bind((HOST, 0))
            listener.listen(128)
            write_whole(path, f"{listener.getsockname()[1]} {token}\n".encode())  # and this user's alone
        except OSError as e:
            raise ControlError(f"cannot listen for {path}: {e.strerror}", ELSEWHERE) from e
        try:
            yield listener, token.encode()
        finally:
            path.unlink(missing_ok=True)


@contextlib.contextmanager
def connected(path: Path, timeout_s: float) -> Iterator[socket.socket]:
    """A connection to who the file at `path` tells of, the token sent. Raises OSError; ControlError for another file.

    A daemon that was killed leaves its file behind: then nobody listens, or somebody else, to whom the dead one's
    token is of no use.
    """
    with path.open("rb") as file:
        match = _LINE.match(file.read(128).decode("ascii", "replace"))
    if match is None:
        raise ControlError(f"{path} does not tell where avatard listens", ELSEWHERE)
    with socket.create_connection((HOST, int(match[1])), timeout_s) as connection:
        connection.sendall(f"{match[2]}\n".encode())
        yield connection
