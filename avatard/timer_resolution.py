"""How finely the system wakes a waiting thread. Windows does it every 15.6 ms, unless it is asked for more."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress


def wake_each_millisecond() -> None:
    """For this process, until it ends; elsewhere than on Windows it is so already.

    Half a period of 1/30 s is too coarse to pace pictures by. From timeapi.h; Windows takes it back at the end.
    """
    if sys.platform == "win32":
        with suppress(OSError, AttributeError):
            ctypes.WinDLL("winmm").timeBeginPeriod(1)
