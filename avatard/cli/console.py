"""The program's output where there is no terminal as we know it."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TextIO


def prepare_streams() -> None:
    """Make whatever is printed go somewhere, and never fail for a character.

    Windows' pythonw has no console, and gives no streams: then all goes to a log file, tracebacks included; that of
    the run before is kept beside it. A pipe on Windows, or a C locale, cannot show a check mark: a "?" stands for it.
    """
    if sys.stderr is None or sys.stdout is None:
        from avatard import paths

        log = _log(paths.log_file())
        sys.stdout = sys.stdout or log
        sys.stderr = sys.stderr or log
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _log(file: Path) -> TextIO:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with suppress(OSError):  # none yet, or another avatard has it open
            os.replace(file, file.with_suffix(".old"))
        return file.open("w", encoding="utf-8", buffering=1)
    except OSError:
        return open(os.devnull, "w", encoding="utf-8")
