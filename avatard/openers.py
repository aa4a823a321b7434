"""Which other programs have a file open: inotify says when that may have changed, /proc who they are. Linux only.

Not counted from inotify's events alone: two opens in a row that nobody has read yet are told as one. Programs of
other users cannot be seen in /proc; a device says more by itself (`v4l2.opened_elsewhere`).
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from pathlib import Path
from typing import Final

from avatard.video_devices import holders

#: From linux/inotify.h.
IN_CLOSE_WRITE: Final = 0x08
IN_CLOSE_NOWRITE: Final = 0x10
IN_OPEN: Final = 0x20
#: Many events at once; what they say in detail is not read.
_READ: Final = 64 * 1024


class Openers:
    """Counts the other programs that have `path` open. One thread; not blocking.

    path: of an existing file; it may be renamed or removed afterwards. Raises OSError where it cannot be watched.
    """

    def __init__(self, path: Path, root: Path = Path("/")) -> None:
        self._path = path
        self._root = root
        self._fd = _watch(path)
        self._count = 0
        self._looks = 1

    def moved(self, path: Path) -> None:
        """The file has another name now."""
        self._path, self._looks = path, 1

    @property
    def count(self) -> int:
        """How many there are now. Costs a microsecond where nothing happened, some milliseconds else."""
        if self._changed():
            self._looks = 2  # the event may come an instant before the descriptor: look once more, the next time
        if self._looks:
            self._looks -= 1
            self._count = sum(holder.pid != os.getpid() for holder in holders(self._path, self._root))
        return self._count

    def close(self) -> None:
        """Watch no more."""
        os.close(self._fd)

    def _changed(self) -> bool:
        try:
            return bool(os.read(self._fd, _READ))
        except BlockingIOError:
            return False


def _watch(path: Path) -> int:
    """An inotify descriptor that becomes readable when `path` is opened or closed."""
    if sys.platform == "win32":
        raise OSError(errno.ENOSYS, "no inotify on this system")
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "inotify_init1"):
        raise OSError(errno.ENOSYS, "no inotify on this system")
    fd: int = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
    if fd < 0 or libc.inotify_add_watch(fd, os.fsencode(path), IN_OPEN | IN_CLOSE_WRITE | IN_CLOSE_NOWRITE) < 0:
        error = ctypes.get_errno()
        if fd >= 0:
            os.close(fd)
        raise OSError(error, os.strerror(error), str(path))
    return fd
