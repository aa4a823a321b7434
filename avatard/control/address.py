"""The control socket's place.

A daemon is commanded by its own user and by root; the system service, at `SYSTEM_SOCKET`, also by its group.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from avatard import paths

#: Where the system unit's daemon listens. Its folder is made by systemd for that user and group: in /run nobody else
#: can, so whoever listens there is the service.
SYSTEM_SOCKET: Final = Path("/run/avatard/avatard.sock")
#: What to do where a place cannot be used.
ELSEWHERE: Final = "Name another place with --socket or AVATARD_SOCKET."
#: What to do where another user's daemon is.
YOURS: Final = "Name yours with --socket or AVATARD_SOCKET."


def default_path(env: Mapping[str, str] = os.environ) -> Path:
    """Where a daemon listens, unless told otherwise.

    `AVATARD_SOCKET`, else `avatard.sock` in the session's runtime folder, else in a folder of this user's own in the
    temporary folder: macOS and plain containers have no `XDG_RUNTIME_DIR`. On Windows a file that says which port.
    """
    if explicit := env.get("AVATARD_SOCKET"):
        return Path(explicit)
    if sys.platform == "win32":
        return paths.control()
    if runtime := env.get("XDG_RUNTIME_DIR"):
        return Path(runtime) / "avatard.sock"
    return Path(tempfile.gettempdir()) / f"avatard-{os.getuid()}" / "avatard.sock"


def client_path(env: Mapping[str, str] = os.environ) -> Path:
    """Where commands ask: `default_path`, but the system service where this user has no daemon and there is one."""
    own = default_path(env)
    if not env.get("AVATARD_SOCKET") and not os.path.exists(own) and os.path.isdir(SYSTEM_SOCKET.parent):
        return SYSTEM_SOCKET
    return own
