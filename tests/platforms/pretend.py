"""pretend.py PLATFORM COMMAND…: `avatard COMMAND…` in a process that lacks what PLATFORM (win32, darwin) lacks.

A stand-in, not the system itself: it shows that nothing of ours asks for what is not there, and no more. Libraries are
loaded before, because their own care for platforms is not what is tried here.
"""

from __future__ import annotations

import ctypes
import importlib.abc
import importlib.machinery
import os
import selectors  # noqa: F401 - a library for us: it looks for epoll when it is loaded
import signal
import socket
import subprocess  # noqa: F401
import sys
import tempfile  # noqa: F401
import time
from collections.abc import Sequence
from types import ModuleType
from typing import Any, Final

import click  # noqa: F401
import numpy as np  # noqa: F401
import platformdirs  # noqa: F401
import psutil
import rich.console
import rich.progress  # noqa: F401

#: What Python has on Linux and has not there; of what we or our tests' helpers could be tempted by.
NOT_THERE: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "win32": {
        "modules": ("fcntl", "grp", "pwd", "resource", "termios", "syslog"),
        "os": (
            *("chown", "fork", "getegid", "geteuid", "getgid", "getgroups", "getloadavg", "getuid", "killpg"),
            *("mkfifo", "nice", "posix_fallocate", "pread", "pwrite", "pwritev", "sched_getaffinity", "setsid"),
            *("O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK"),
        ),
        "socket": ("AF_UNIX", "SO_PEERCRED"),
        "time": ("clock_gettime", "CLOCK_BOOTTIME"),
        "signal": ("SIGKILL", "SIGHUP"),
    },
    "darwin": {
        "modules": ("msvcrt",),
        "os": ("posix_fallocate", "sched_getaffinity"),
        "socket": ("SO_PEERCRED",),
        "time": ("CLOCK_BOOTTIME",),
        "signal": (),
    },
}


class Absent(importlib.abc.MetaPathFinder):
    """No such module."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if name in self._names:
            raise ModuleNotFoundError(f"No module named {name!r} (pretending)", name=name)
        return None


def pretend(platform: str) -> None:
    """Take away what is not there on `platform`, and put in what is."""
    absent = NOT_THERE[platform]
    if platform == "win32":
        sys.modules["msvcrt"] = _msvcrt()
        signal.SIGBREAK = signal.SIGUSR1  # type: ignore[attr-defined]
        socket.SO_EXCLUSIVEADDRUSE = socket.SO_KEEPALIVE  # type: ignore[attr-defined]
        socket.socketpair = _socketpair  # type: ignore[assignment]
        ctypes.CDLL = _no_program_itself  # type: ignore[assignment,misc]
    for name in absent["modules"]:
        sys.modules.pop(name, None)
    sys.meta_path.insert(0, Absent(absent["modules"]))
    for module in (os, socket, time, signal):
        for name in absent[module.__name__]:
            if hasattr(module, name):
                delattr(module, name)
    if platform == "darwin" and hasattr(psutil.Process, "cpu_affinity"):
        del psutil.Process.cpu_affinity
    sys.platform = platform


def _msvcrt() -> ModuleType:
    """Windows' byte locks, by those of POSIX."""
    import fcntl

    module = ModuleType("msvcrt")

    def locking(descriptor: int, mode: int, count: int) -> None:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, count, 0, os.SEEK_CUR)

    module.locking = locking  # type: ignore[attr-defined]
    module.LK_NBLCK = 2  # type: ignore[attr-defined]
    return module


def _socketpair() -> tuple[socket.socket, socket.socket]:
    """As Python makes one on Windows: by a port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        one = socket.create_connection(listener.getsockname())
        other, _ = listener.accept()
    return one, other


_CDLL = ctypes.CDLL


def _no_program_itself(name: str | None, *arguments: Any, **options: Any) -> ctypes.CDLL:
    if name is None:
        raise TypeError("argument of type 'NoneType' is not iterable")
    return _CDLL(name, *arguments, **options)


if __name__ == "__main__":
    if sys.argv[2:3] in (["up"], ["doctor"]):  # the libraries of the frame path
        import cv2  # noqa: F401
        import onnxruntime  # noqa: F401
    pretend(sys.argv[1])
    del sys.argv[1]
    from avatard.__main__ import main

    main()
