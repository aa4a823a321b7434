"""A camera in PipeWire's graph: no kernel module, and what browsers in a sandbox see through the camera portal."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING

from avatard.errors import SinkError
from avatard.output.pipewire_pod import buffers, header_meta, yuy2
from avatard.output.pipewire_stream import START, Direction, Flag, State, Stream, stamp
from avatard.output.yuy2 import BYTES_A_PIXEL, to_yuy2

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.sealed import Sealed, VideoFormat

#: One being filled, one on its way, and what some readers hold on to; 15 MB at 720p, while somebody reads.
BUFFERS = 8

#: What makes a node a camera for session managers, portals and browsers.
PROPERTIES = {
    "media.type": "Video",
    "media.category": "Capture",
    "media.role": "Camera",
    "media.class": "Video/Source",
    "node.name": "avatard",
    "node.description": "avatard",
}


class PipeWire:
    """A Video/Source node called "avatard" that gives YUY2, which every reader of cameras takes (Chromium takes no
    I420 from PipeWire).

    The node drives its part of the graph: each picture goes through when it is written, at no rate of the graph's.
    With no reader `write` does nothing. A picture that finds all buffers held by a slow reader is lost and counted.
    """

    def __init__(self, format: VideoFormat) -> None:  # noqa: A002
        self._format = format
        stride = format.width * BYTES_A_PIXEL
        self._stride, self._size = stride, stride * format.height
        self._stream = Stream(
            Direction.OUTPUT,
            Flag.DRIVER | Flag.MAP_BUFFERS,
            PROPERTIES,
            [
                yuy2(format.width, format.height, format.fps),
                buffers(BUFFERS, self._stride, self._size),
                header_meta(),
            ],
        )
        self._number = ""  # kept, for whoever asks while the stream goes
        self._written = 0
        self._losses: Counter[str] = Counter()

    @property
    def description(self) -> str:
        return f"PipeWire node{self._number} (avatard): {self._format.width}x{self._format.height} YUY2"

    @property
    def readers(self) -> int:
        """1 when anybody reads it: the graph tells a node that it is used, not by how many."""
        return int(self._stream.state is State.STREAMING)

    def losses(self) -> Mapping[str, int]:
        losses, self._losses = self._losses, Counter()
        return losses

    def __enter__(self) -> Self:
        self._stream.__enter__()
        self._number = f" {self._stream.node}"
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        self._number = ""
        self._stream.__exit__(kind, e, tb)

    def write(self, sealed: Sealed) -> None:
        state = self._stream.state
        if state <= State.UNCONNECTED:
            raise SinkError("PipeWire has gone", START, retryable=True)
        if state is not State.STREAMING:
            return
        with self._stream.next() as block:
            if block is None:
                self._losses["dropped_busy"] += 1
                return
            to_yuy2(sealed.i420, block.memory[: self._size].reshape(self._format.height, self._stride))
            block.chunk.offset, block.chunk.size, block.chunk.stride = 0, self._size, self._stride
            stamp(block, time.monotonic_ns(), self._written)
        self._written += 1
