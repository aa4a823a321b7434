"""One daemon only at a place: a lock that the system releases however the daemon dies."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from avatard.control.address import ELSEWHERE
from avatard.errors import ControlError

if sys.platform == "win32":
    import msvcrt

    #: Windows locks bytes, and keeps others from reading them: one far behind the process's number.
    _FAR = 1 << 20
    _FLAGS = os.O_RDWR | os.O_CREAT

    def _take(descriptor: int) -> None:
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    _FLAGS = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextlib.contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Held as long as the daemon lives: so what is found at `path` under it is stale. Raises ControlError.

    The file `path`.lock stays behind: removing a lock file is a race.
    """
    file = path.with_name(path.name + ".lock")
    try:
        descriptor = os.open(file, _FLAGS, 0o600)
    except OSError as e:
        raise ControlError(f"cannot write {file}: {e.strerror}", ELSEWHERE) from e
    try:
        try:
            _take(descriptor)
        except OSError as e:
            os.lseek(descriptor, 0, os.SEEK_SET)
            pid = os.read(descriptor, 20).decode(errors="replace").strip() or "unknown"
            raise ControlError(f"another avatard runs (pid {pid})", "Stop it with: avatard stop") from e
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(descriptor)
