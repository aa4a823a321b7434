"""A file that is there whole or not at all, whatever happens while it is written."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, data: bytes, mode: int = 0o600, *, once: bool = False) -> None:
    """Write `data` aside in the same folder, which must be there, then put it into place, also past a power failure.

    Raises OSError, and then leaves nothing behind. once: what is there stays; of two that write it at once, one wins.
    """
    descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if mode != 0o600:  # as it was made
            os.chmod(aside, mode)
        if once:
            with suppress(FileExistsError):
                os.link(aside, path)
        else:
            os.replace(aside, path)
    finally:
        with suppress(FileNotFoundError):  # moved into place
            os.unlink(aside)
