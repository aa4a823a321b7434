"""The control socket's place and its guards: who may be on either end, and that one daemon only listens."""

from __future__ import annotations

import contextlib
import os
import socket
import stat
import struct
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from avatard.errors import ControlError

#: Room in `sockaddr_un.sun_path`: 108 on Linux, 104 on macOS and the BSDs, one of it the final NUL.
_MAX_PATH: Final = 103
#: `getsockopt(0, 1)` on macOS and the BSDs is LOCAL_PEERCRED: a struct xucred of a version and the uid.
_SOL_LOCAL: Final = 0
_LOCAL_PEERCRED: Final = 1


def default_path(env: Mapping[str, str] = os.environ) -> Path:
    """Where a daemon listens and commands ask, unless told otherwise.

    `AVATARD_SOCKET`, else `avatard.sock` in the session's runtime folder, else in a folder of this user's own in the
    temporary folder: macOS and plain containers have no `XDG_RUNTIME_DIR`.
    """
    if explicit := env.get("AVATARD_SOCKET"):
        return Path(explicit)
    if runtime := env.get("XDG_RUNTIME_DIR"):
        return Path(runtime) / "avatard.sock"
    owner = os.getuid() if hasattr(os, "getuid") else "user"
    return Path(tempfile.gettempdir()) / f"avatard-{owner}" / "avatard.sock"


def require_unix_sockets() -> None:
    """Raise ControlError where Python has none (Windows): there the daemon runs without control."""
    if not hasattr(socket, "AF_UNIX"):
        raise ControlError(
            "commands to a running avatard are not available on Windows yet", "Stop it with Ctrl-C in its window."
        )


def check_path(path: Path) -> None:
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


def is_trusted(uid: int) -> bool:
    """Whether `uid` may command this process, or be obeyed by it: the same user, or root, who can do so anyway."""
    return uid in (os.getuid(), 0)


@contextlib.contextmanager
def listening(path: Path) -> Iterator[socket.socket]:
    """A listening socket at `path`, 0600, that no other avatard has; gone again afterwards.

    Raises ControlError: another daemon runs, or the place is not safe or not ours.
    """
    require_unix_sockets()
    check_path(path)
    _make_folder(path.parent)
    with _lock(path), socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        _remove_stale(path)
        try:
            # Bound under this mask the socket is 0600 from its first instant; chmod would come after it.
            mask = os.umask(0o177)
            try:
                listener.bind(str(path))
            finally:
                os.umask(mask)
            listener.listen(128)
        except OSError as e:
            raise ControlError(f"cannot listen at {path}: {e.strerror}", _ELSEWHERE) from e
        try:
            yield listener
        finally:
            path.unlink(missing_ok=True)


_ELSEWHERE: Final = "Name another place with --socket or AVATARD_SOCKET."


def _make_folder(folder: Path) -> None:
    """The fallback folder in the temporary folder is made here, for us alone; one that another user made first is
    refused, and so is one that others may write to, where they could put their own socket in our place."""
    with contextlib.suppress(FileExistsError, FileNotFoundError):
        folder.mkdir(mode=0o700)
    try:
        status = folder.stat()
        owners = {status.st_uid, folder.lstat().st_uid}  # a link's own owner could point it elsewhere
    except OSError as e:
        raise ControlError(f"cannot use the folder {folder}: {e.strerror}", _ELSEWHERE) from e
    others_write = status.st_mode & (stat.S_IWGRP | stat.S_IWOTH) and not status.st_mode & stat.S_ISVTX
    if not owners <= {os.getuid(), 0} or others_write:
        raise ControlError(f"the folder {folder} is not this user's own", _ELSEWHERE)


@contextlib.contextmanager
def _lock(path: Path) -> Iterator[None]:
    """Held as long as the daemon lives, released by the kernel however it dies: so a socket found under it is stale.

    The file stays behind: removing a lock file is a race.
    """
    import fcntl

    file = path.with_name(path.name + ".lock")
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as e:
        raise ControlError(f"cannot write {file}: {e.strerror}", _ELSEWHERE) from e
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as e:
            pid = os.read(descriptor, 20).decode(errors="replace").strip() or "unknown"
            raise ControlError(f"another avatard runs (pid {pid})", "Stop it with: avatard stop") from e
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(descriptor)


def _remove_stale(path: Path) -> None:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise ControlError(f"{path} is there and is not a socket", _ELSEWHERE)
    path.unlink()
