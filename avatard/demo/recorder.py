"""A sink that keeps what it is given, raw, to be encoded when the measuring is over.

Encoding at once would share the two cores with what is being measured: x264 takes 6–10 core-ms a picture at 720p,
a third of the line itself. Writing raw takes 0.4 ms and 1.4 MB a picture, 415 MB for ten seconds, for a moment.
"""

from __future__ import annotations

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
    """One picture as it was delivered: of which frame (-1: none), and when that was taken (monotonic ns)."""

    seq: int
    captured_ns: int


class Recorder:
    """Writes I420 pictures to `path`, one after the other; those of the avatar, not the standby ones."""

    def __init__(self, path: Path, format: VideoFormat) -> None:  # noqa: A002 (the field's own name)
        self._path = path
        self._format = format
        self._file: BinaryIO | None = None
        self.recorded: list[Recorded] = []

    @property
    def description(self) -> str:
        return f"{self._path}: {self._format.width}x{self._format.height} I420 (raw)"

    def __enter__(self) -> Self:
        try:
            self._file = self._path.open("wb", buffering=0)
        except OSError as e:
            raise SinkError(f"cannot write {self._path}: {e.strerror}", "Choose another folder: --out DIR") from e
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, sealed: Sealed) -> None:
        if sealed.standby:
            return
        assert self._file is not None, "not entered"
        try:
            written = self._file.write(sealed.i420.data)
        except OSError as e:
            raise SinkError(f"cannot write {self._path}: {e.strerror}", "Choose another folder: --out DIR") from e
        if written != self._format.i420_bytes:
            raise SinkError(f"the disk of {self._path} is full", "Choose another folder: --out DIR")
        self.recorded.append(Recorded(sealed.seq, sealed.captured_ns))

    def pictures(self) -> Iterator[I420]:
        """What was recorded, in order; after the sink was closed."""
        rows = self._format.height * 3 // 2
        with self._path.open("rb") as file:
            for _ in self.recorded:
                yield np.fromfile(file, np.uint8, self._format.i420_bytes).reshape(rows, self._format.width)

    def discard(self) -> None:
        """Remove the file, if it was made."""
        self._path.unlink(missing_ok=True)
