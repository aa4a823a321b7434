"""A file that is there whole or not at all, whatever happens while it is written."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO


def write_whole(path: Path, data: bytes, mode: int = 0o600, *, once: bool = False) -> None:
    """Write the file of this content, as `whole` does. Raises OSError."""
    with whole(path, mode, once=once) as file:
        file.write(data)


@contextmanager
def whole(path: Path, mode: int = 0o600, *, once: bool = False) -> Iterator[BinaryIO]:
    """A file to be written aside in the same folder, which must be there; put into place at the end, also past a power
    failure, but where something was raised.

    Raises OSError. once: what is there stays; of two that write it at once, one wins.
    """
    descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
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
