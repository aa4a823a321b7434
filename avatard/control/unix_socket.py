"""The Unix socket: its guards, and who may be on either end."""

from __future__ import annotations

import contextlib
import os
import socket
import stat
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from avatard.control import address
from avatard.control.address import ELSEWHERE, YOURS
from avatard.control.lock import only_one
from avatard.errors import ControlError

assert sys.platform != "win32", "Python has no Unix sockets there: tcp_port.py"

#: Room in `sockaddr_un.sun_path`: 108 on Linux, 104 on macOS and the BSDs, one of it the final NUL.
_MAX_PATH: Final = 103
#: `getsockopt(0, 1)` on macOS and the BSDs is LOCAL_PEERCRED: a struct xucred of a version and the uid.
_SOL_LOCAL: Final = 0
_LOCAL_PEERCRED: Final = 1
#: From asm-generic/socket.h; Python does not name it.
_SO_PEERGROUPS: Final = 59


def _check_path(path: Path) -> None:
    """Raise ControlError for a path no socket can have."""
    if len(os.fsencode(path)) > _MAX_PATH or "\0" in str(path):
        raise ControlError(
            f"the control socket's path is too long: {path}",
            f"Name one of at most {_MAX_PATH} bytes with --socket or AVATARD_SOCKET.",
        )


def peer_uid(connection: socket.socket) -> int:
    """The user on the other end. Raises OSError when it is gone."""
    if hasattr(socket, "SO_PEERCRED"):
        raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        return int(struct.unpack("3i", raw)[1])
    raw = connection.getsockopt(_SOL_LOCAL, _LOCAL_PEERCRED, 128)
    return int(struct.unpack_from("2I", raw)[1])


def peer_groups(connection: socket.socket) -> set[int]:
    """The groups of the process on the other end; none where the system does not tell. Raises OSError, also
    for somebody in more than 256."""
    if not hasattr(socket, "SO_PEERCRED"):
        return set()
    _, _, primary = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    raw = connection.getsockopt(socket.SOL_SOCKET, _SO_PEERGROUPS, 1024)  # as much as Python takes
    return {primary, *struct.unpack(f"{len(raw) // 4}I", raw)}


def is_trusted(uid: int) -> bool:
    """Whether `uid` is this process's own user, or root, who can do everything anyway."""
    return uid in (os.getuid(), 0)


def may_command(connection: socket.socket, path: Path) -> bool:
    """Whether who connected may command the daemon that listens at `path`. Raises OSError when it is gone."""
    if is_trusted(peer_uid(connection)):
        return True
    return path == address.SYSTEM_SOCKET and os.getgid() in peer_groups(connection)


def may_be_asked(connection: socket.socket, path: Path) -> bool:
    """Whether who listens at `path` is one to tell things to. Raises OSError when it is gone."""
    uid = peer_uid(connection)
    return is_trusted(uid) or (path == address.SYSTEM_SOCKET and uid == path.parent.stat().st_uid)


@contextlib.contextmanager
def listening(path: Path) -> Iterator[socket.socket]:
    """A listening socket at `path`, for its user alone or for its group too, that no other avatard has; gone again
    afterwards.

    Raises ControlError: another daemon runs, or the place is not safe or not ours.
    """
    _check_path(path)
    _make_folder(path.parent)
    with only_one(path), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        _remove_stale(path)
        try:
            # Bound under this mask the socket is closed to others from its first instant; chmod would come after it.
            mask = os.umask(0o117 if path == address.SYSTEM_SOCKET else 0o177)
            try:
                listener.bind(str(path))
            finally:
                os.umask(mask)
            listener.listen(128)
        except OSError as e:
            raise ControlError(f"cannot listen at {path}: {e.strerror}", ELSEWHERE) from e
        try:
            yield listener
        finally:
            path.unlink(missing_ok=True)


@contextlib.contextmanager
def connected(path: Path, timeout_s: float) -> Iterator[socket.socket]:
    """A connection to who listens at `path`. Raises OSError, and ControlError for a listener that is not to be told."""
    _check_path(path)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(timeout_s)
        connection.connect(str(path))
        if not may_be_asked(connection, path):
            raise ControlError(f"another user listens at {path}", YOURS)
        yield connection


def _make_folder(folder: Path) -> None:
    """The fallback folder in the temporary folder is made here, for us alone; one that another user made first is
    refused, and so is one that others may write to, where they could put their own socket in our place."""
    with contextlib.suppress(FileExistsError, FileNotFoundError):
        folder.mkdir(mode=0o700)
    try:
        status = folder.stat()
        owners = {status.st_uid, folder.lstat().st_uid}  # a link's own owner could point it elsewhere
    except OSError as e:
        raise ControlError(f"cannot use the folder {folder}: {e.strerror}", ELSEWHERE) from e
    others_write = status.st_mode & (stat.S_IWGRP | stat.S_IWOTH) and not status.st_mode & stat.S_ISVTX
    if not owners <= {os.getuid(), 0} or others_write:
        raise ControlError(f"the folder {folder} is not this user's own", ELSEWHERE)


def _remove_stale(path: Path) -> None:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise ControlError(f"{path} is there and is not a socket", ELSEWHERE)
    path.unlink()
