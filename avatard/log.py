"""Where log lines go. Channels are named after the stages: `avatard.capture`, `avatard.track`, …

Never an image, a name, a landmark or typed text in a line: logs get pasted into bug reports.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping
from typing import TextIO

#: syslog priorities of sd-daemon(3): journald reads them from the start of a line.
_PRIORITY = {logging.DEBUG: 7, logging.INFO: 6, logging.WARNING: 4, logging.ERROR: 3, logging.CRITICAL: 2}


class _Terminal(logging.Formatter):
    """12:04:31 warning capture: message."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(level)s %(stage)s: %(message)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        record.level = record.levelname.lower()
        record.stage = record.name.removeprefix("avatard.")
        return super().format(record)


class _Journal(logging.Formatter):
    """<4>capture: message. The journal has time and process already; every line of a traceback needs the prefix."""

    def format(self, record: logging.LogRecord) -> str:
        prefix = f"<{_PRIORITY.get(record.levelno, 6)}>"
        lines = f"{record.name.removeprefix('avatard.')}: {super().format(record)}".splitlines()
        return "\n".join(prefix + line for line in lines)


def setup(level: str, stream: TextIO | None = None, env: Mapping[str, str] = os.environ) -> None:
    """Send the package's log lines of `level` (debug, info, warning, error) and up to `stream`, by default stderr.

    May be called again: it replaces what it set up before.
    """
    stream = sys.stderr if stream is None else stream
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_Journal() if _is_journal(stream, env) else _Terminal())
    logger = logging.getLogger("avatard")
    for old in list(logger.handlers):
        logger.removeHandler(old)
    logger.addHandler(handler)
    logger.setLevel(level.upper())


def _is_journal(stream: TextIO, env: Mapping[str, str]) -> bool:
    """Whether `stream` is the journal itself: the variable is inherited by programs whose output goes elsewhere."""
    try:
        status = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return env.get("JOURNAL_STREAM") == f"{status.st_dev}:{status.st_ino}"
