"""Tell systemd how the daemon is: sd_notify(3) in a few lines, so that libsystemd is not needed.

Without `NOTIFY_SOCKET` (a terminal, macOS) every call does nothing. Any thread may call; a call never blocks and
never raises.
"""

from __future__ import annotations

import os
import socket
import sys


def ready() -> None:
    """The sink is open, the engine warm, the first picture out."""
    _send("READY=1")


def watchdog() -> None:
    """A picture was written, or the daemon sleeps on purpose. Due at least twice in the unit's `WatchdogSec`."""
    _send("WATCHDOG=1")


def status(line: str) -> None:
    """One line for `systemctl status`."""
    _send("STATUS=" + line.replace("\n", " "))


def stopping() -> None:
    """The daemon is on its way out by its own will."""
    _send("STOPPING=1")


def _send(state: str) -> None:
    if sys.platform == "win32":
        return
    name = os.environ.get("NOTIFY_SOCKET", "")
    if not name.startswith(("/", "@")):
        return
    # A leading @ stands for the NUL of Linux's abstract names.
    address = "\0" + name[1:] if name.startswith("@") else name
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
            # A manager that does not read must cost a lost line, never a stalled picture.
            s.setblocking(False)
            s.sendto(state.encode(), address)
    except OSError:
        return
