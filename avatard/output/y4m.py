"""Uncompressed video: to standard output for a pipe, or to a file."""

from __future__ import annotations

import errno
import os
import sys
from fractions import Fraction
from types import TracebackType
from typing import TYPE_CHECKING

from avatard.errors import SinkError

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.sealed import Sealed, VideoFormat

STDOUT = 1
FRAME = b"FRAME\n"


class ReaderGoneError(SinkError):
    """The program behind the pipe closed it: an end, not a failure."""

    exit_code = 0


def stream_header(format: VideoFormat) -> bytes:  # noqa: A002
    """The first line of a .y4m: progressive, square pixels, I420 with chroma between the pixels as OpenCV makes it."""
    rate = Fraction(format.fps).limit_denominator(1001)
    return b"YUV4MPEG2 W%d H%d F%d:%d Ip A1:1 C420jpeg XCOLORRANGE=LIMITED\n" % (
        format.width,
        format.height,
        rate.numerator,
        rate.denominator,
    )


class Y4m:
    """Writes each picture as it comes. path: a file, or "-" for standard output.

    A pipe whose reader is slow makes `write` wait; the slot before the sink then drops pictures, as it does for any
    slow sink. A pipe has no time: players show the pictures at the nominal rate.
    """

    def __init__(self, path: str, format: VideoFormat) -> None:  # noqa: A002
        self._path = path
        self._format = format
        self._fd: int | None = None

    @property
    def description(self) -> str:
        name = "standard output" if self._path == "-" else self._path
        return f"{name}: {self._format.width}x{self._format.height} I420 (y4m)"

    def __enter__(self) -> Self:
        if not self._path:
            raise SinkError("y4m has no path", "Use y4m:- for a pipe or file:PATH.y4m for a file.")
        if self._path == "-":
            if os.isatty(STDOUT):
                raise SinkError(
                    "video would go to the terminal", "Pipe it: avatard up --sink y4m:- | ffplay -f yuv4mpegpipe -"
                )
            if sys.platform == "win32":
                import msvcrt

                msvcrt.setmode(STDOUT, os.O_BINARY)
            self._fd = STDOUT
        else:
            try:
                self._fd = os.open(
                    self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o666
                )
            except OSError as e:
                raise SinkError(f"cannot write {self._path}: {e.strerror}") from e
        try:
            self._write_all(memoryview(stream_header(self._format)))
        except SinkError:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        if self._fd is not None and self._fd != STDOUT:
            os.close(self._fd)
        self._fd = None

    def write(self, sealed: Sealed) -> None:
        self._write_all(memoryview(FRAME))
        self._write_all(sealed.i420.data.cast("B"))

    def _write_all(self, data: memoryview) -> None:
        assert self._fd is not None, "not entered"
        try:
            while data:
                data = data[os.write(self._fd, data) :]
        except BrokenPipeError as e:
            raise ReaderGoneError("the program that read the pictures has gone") from e
        except OSError as e:
            if e.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise SinkError(f"no space left for {self._path}", "Free some space, or record to MP4.") from e
            raise SinkError(f"cannot write {self._path}: {e.strerror}") from e
