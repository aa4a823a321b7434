"""A device that is not there: takes pictures as a virtual camera does, and shows them to nobody."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.sealed import I420, Sealed, VideoFormat


class Null:
    """Behaves like a v4l2loopback with two buffers: each write is taken at once, copied into the older buffer (that
    is the work a device makes, 0.1 ms at 720p), and what a slow reader looks at is overwritten beneath it.

    `written` counts; `newest` is the picture a reader would get now; `written_ns` when it came.
    """

    def __init__(self, format: VideoFormat) -> None:  # noqa: A002
        self._format = format
        self._ring = np.zeros((2, format.height * 3 // 2, format.width), np.uint8)
        self.written = 0
        self.written_ns = 0

    @property
    def description(self) -> str:
        return f"null: {self._format.width}x{self._format.height} I420"

    @property
    def newest(self) -> I420:
        """The last picture, valid until the next write but one. Black before the first."""
        picture: I420 = self._ring[(self.written - 1) % 2]
        return picture

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        pass

    def write(self, sealed: Sealed) -> None:
        np.copyto(self._ring[self.written % 2], sealed.i420)
        self.written_ns = time.monotonic_ns()
        self.written += 1
