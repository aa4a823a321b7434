"""A Speech Dispatcher of avatard's own: nobody speaks there who was not started with its address."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from avatard.errors import ServiceError

PROGRAM: Final = "speech-dispatcher"
#: Level 0 writes nothing of what is said. One module is named, so no other is loaded.
_CONFIG: Final = """LogLevel 0
CommunicationMethod "unix_socket"
AddModule "avatard" "{module}" ""
DefaultModule "avatard"
DefaultVolume 100
SymbolsPreproc "none"
"""


def address(socket: Path) -> str:
    """What a program needs in its environment to speak there."""
    return f"SPEECHD_ADDRESS=unix_socket:{socket}"


@contextmanager
def running(folder: Path, socket: Path, live: bool) -> Iterator[subprocess.Popen[bytes]]:
    """Speech Dispatcher, until the end of the block; its settings are written into `folder`, which is made.

    Raises ServiceError: it is not installed, one runs there already, or the folder cannot be written.
    """
    program = shutil.which(PROGRAM)
    if program is None:
        raise ServiceError(f"{PROGRAM} is not installed", f"Paste: sudo apt install {PROGRAM}")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        module = folder / "module"
        command = shlex.join([sys.executable, "-m", "avatard.speech_dispatcher", *(["--live"] if live else [])])
        module.write_text(f"#!/bin/sh\nexec {command}\n")
        module.chmod(0o700)
        (folder / "speechd.conf").write_text(_CONFIG.format(module=module))
    except OSError as e:
        raise ServiceError(f"cannot write {folder}: {e.strerror}", "Is it yours to write?") from e
    args = ["--run-single", "--communication-method", "unix_socket", "--socket-path", str(socket), "--timeout", "0"]
    args += ["--config-dir", str(folder), "--pid-file", str(folder / "pid"), "--log-dir", str(folder)]
    with subprocess.Popen([program, *args, "--log-level", "0"], stderr=subprocess.DEVNULL) as server:
        try:
            yield server
        finally:
            server.terminate()
