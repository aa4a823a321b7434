"""A sink that keeps what it is given, raw, to be encoded when the measuring is over.

Encoding at once would share the cores with what is being measured: x264 takes 11 core-ms a picture at 720p, half of
the line itself. The raw pictures need 42 MB a second, on disk and for a moment.
"""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from avatard.errors import SinkError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import Self

    from avatard.sealed import I420, Sealed, VideoFormat


@dataclass(frozen=True, slots=True)
class Recorded:
    """Of which frame a picture was (-1: none), and when it was finished (monotonic ns)."""

    seq: int
    sealed_ns: int


class Recorder:
    """Keeps the first `room` pictures of the avatar in the file `path`, in order: each once, none of standby.

    The file is filled before the start: a picture is then a copy into the page cache (0.2 ms, p99 0.23 ms at 720p)
    and waits for no disk (p95 6 ms into a growing file), and a full disk is known at once.
    """

    def __init__(self, path: Path, format: VideoFormat, room: int) -> None:  # noqa: A002 (the field's own name)
        self._path = path
        self._format = format
        self._room = room
        self._file: BinaryIO | None = None
        self.recorded: list[Recorded] = []

    @property
    def description(self) -> str:
        return f"{self._path}: {self._format.width}x{self._format.height} I420 (raw)"

    def __enter__(self) -> Self:
        nothing = bytes(self._format.i420_bytes)
        try:
            self._file = self._path.open("wb", buffering=0)
            for _ in range(self._room):
                if self._file.write(nothing) != len(nothing):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            self._file.seek(0)
        except OSError as e:
            self.__exit__(type(e), e, e.__traceback__)
            raise SinkError(f"cannot write {self._path}: {e.strerror}", "Choose another folder: --out DIR") from e
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, sealed: Sealed) -> None:
        assert self._file is not None, "not entered"
        repeated = bool(self.recorded) and sealed.sealed_ns <= self.recorded[-1].sealed_ns
        if sealed.standby or repeated or len(self.recorded) == self._room:
            return
        self._file.write(sealed.i420.data)
        self.recorded.append(Recorded(sealed.seq, sealed.sealed_ns))

    def pictures(self) -> Iterator[I420]:
        """What was recorded, in order; after the sink was closed."""
        rows = self._format.height * 3 // 2
        with self._path.open("rb") as file:
            for _ in self.recorded:
                yield np.fromfile(file, np.uint8, self._format.i420_bytes).reshape(rows, self._format.width)

    def discard(self) -> None:
        """Remove the file, if it was made."""
        self._path.unlink(missing_ok=True)
