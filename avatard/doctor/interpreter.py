"""The Python that runs avatard."""

from __future__ import annotations

from collections.abc import Iterator

from avatard.doctor.finding import Finding, Level
from avatard.doctor.system import System
from avatard.errors import ConfigError

OLDEST, NEWEST = (3, 10), (3, 12)
FIX = "uv tool install --python 3.12 .   # in avatard's folder"


def check_python(system: System) -> Iterator[Finding]:
    """A Python for which MediaPipe with its models exists."""
    version = ".".join(map(str, system.python))
    if OLDEST <= system.python <= NEWEST:
        yield Finding("python", Level.OK, f"Python {version}")
    else:
        text = f"Python {version}: MediaPipe with its models exists for 3.10 to 3.12"
        yield Finding("python", Level.FAIL, text, FIX, error=ConfigError)
