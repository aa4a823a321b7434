"""A two-frame .y4m rewritten in place: what Chromium's fake camera reads live.

Chromium (`--use-file-for-fake-video-capture`) reads its file frame by frame and starts over at the end, without
caching. So with both frames kept equal to the newest picture it shows what is written now; a FIFO it refuses.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from avatard.errors import SinkError
from avatard.openers import Openers
from avatard.output.y4m import FRAME, stream_header

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.sealed import Sealed, VideoFormat

FRAMES = 2


class Y4mRing:
    """Keeps PATH a valid video of two equal frames, the newest picture. Needs `pwrite`: Linux, macOS.

    The file appears under its name with the first picture, whole (made beside it and renamed), so that no reader
    ever finds it empty. It stays afterwards, with the last picture. A reader may see a picture torn in two.
    """

    def __init__(self, path: str, format: VideoFormat) -> None:  # noqa: A002
        self._path = Path(path)
        self._new = Path(f"{path}.new")
        self._format = format
        self._header = stream_header(format)
        self._fd: int | None = None
        self._openers: Openers | None = None
        self._shown = False

    @property
    def description(self) -> str:
        return f"{self._path}: {self._format.width}x{self._format.height} I420 (y4m ring of {FRAMES})"

    @property
    def readers(self) -> int | None:
        return self._openers.count if self._openers is not None else None

    def __enter__(self) -> Self:
        if not self._path.name:
            raise SinkError("y4m-ring has no path", "Use y4m-ring:PATH.y4m")
        if sys.platform == "win32":
            raise SinkError("y4m-ring needs Linux or macOS", "Use file:PATH.mp4 or y4m:- here.")
        self._shown = False
        size = len(self._header) + FRAMES * (len(FRAME) + self._format.i420_bytes)
        try:
            self._fd = os.open(self._new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
            if sys.platform == "linux":
                os.posix_fallocate(self._fd, 0, size)  # so that the disk cannot be full later
            os.pwrite(self._fd, self._header, 0)
        except OSError as e:
            self.__exit__(None, None, None)
            raise SinkError(f"cannot write {self._path}: {e.strerror}") from e
        with contextlib.suppress(OSError):  # macOS: nobody can tell
            self._openers = Openers(self._new)
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        if self._openers is not None:
            self._openers.close()
            self._openers = None
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None
            self._new.unlink(missing_ok=True)

    def write(self, sealed: Sealed) -> None:
        assert self._fd is not None, "not entered"
        if sys.platform == "win32":
            raise AssertionError("refused when entered")
        offset = len(self._header)
        try:
            for _ in range(FRAMES):
                offset += os.pwritev(self._fd, (FRAME, sealed.i420.data), offset)
            if not self._shown:
                self._new.replace(self._path)
                self._shown = True
                if self._openers is not None:
                    self._openers.moved(self._path)
        except OSError as e:
            raise SinkError(f"cannot write {self._path}: {e.strerror}") from e
