"""Which Linux this is: os-release(5)."""

from __future__ import annotations

import shlex
from contextlib import suppress
from pathlib import Path


def os_release(root: Path = Path("/")) -> dict[str, str]:
    """The file's names and values ("ID": "debian"); empty where there is none. root: the folder with /etc and /usr."""
    found = {}
    for line in _text(root).splitlines():
        name, is_set, value = line.strip().partition("=")
        if is_set and not name.startswith("#"):
            with suppress(ValueError):  # an unclosed quote
                found[name] = " ".join(shlex.split(value))
    return found


def _text(root: Path) -> str:
    for path in ("etc/os-release", "usr/lib/os-release"):
        with suppress(OSError):
            return (root / path).read_text(encoding="utf-8", errors="replace")
    return ""
