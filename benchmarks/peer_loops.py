"""What is measured beside avatard, each a process of its own that reads the stand-in webcam from its standard input:

`python -m benchmarks.peer_loops ring PATH`: raw I420 pictures (ffmpeg's) as they are into a y4m ring.
`python -m benchmarks.peer_loops pyvirtualcam PATH`: the loop of pyvirtualcam's documentation. Its device is replaced
by a backend that writes the ring, in pyvirtualcam's own way for that; `send` and `sleep_until_next_frame` are its own.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, BinaryIO

import cv2
import numpy as np
import numpy.typing as npt

from avatard.output.y4m import FRAME, stream_header
from benchmarks.stand_in_webcam import FORMAT


class Ring:
    """Writes both places of a y4m ring, as avatard's sink does."""

    def __init__(self, path: Path) -> None:
        self._path, self._new = path, path.with_suffix(".new")
        self._header = stream_header(FORMAT)
        self._fd = os.open(self._new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.pwrite(self._fd, self._header, 0)

    def write(self, i420: bytes | memoryview) -> None:
        """One picture."""
        offset = len(self._header)
        for _ in range(2):
            offset += os.pwritev(self._fd, (FRAME, i420), offset)
        if not self._path.exists():
            self._new.replace(self._path)


class RingCamera:
    """A backend of pyvirtualcam (`pyvirtualcam.Backend`); what its devices convert natively, OpenCV converts here."""

    def __init__(self, *, width: int, height: int, fps: float, fourcc: int, device: str, **_: object) -> None:
        self._ring = Ring(Path(device))
        self._device, self._shape = device, (height, width, 3)

    def close(self) -> None:
        """Nothing is held."""

    def send(self, frame: npt.NDArray[np.uint8]) -> None:
        """A BGR picture, flat."""
        i420 = cv2.cvtColor(frame.reshape(self._shape), cv2.COLOR_BGR2YUV_I420)
        self._ring.write(np.ascontiguousarray(i420, np.uint8).data)

    def device(self) -> str:
        """Its name."""
        return self._device

    def native_fourcc(self) -> None:
        """None of its own."""


def jpegs(stream: BinaryIO) -> Any:
    """The JPEGs of a multipart stream, each as soon as it is whole."""
    size = 0
    while line := stream.readline():
        if line.lower().startswith(b"content-length:"):
            size = int(line.split(b":")[1])
        elif line == b"\r\n" and size:
            yield stream.read(size)
            size = 0


def copy(path: Path) -> None:
    """Pictures of a fixed size into the ring."""
    ring = Ring(path)
    while len(picture := sys.stdin.buffer.read(FORMAT.i420_bytes)) == FORMAT.i420_bytes:
        ring.write(picture)


def pyvirtualcam_loop(path: Path) -> None:
    """Read, send, sleep until the next frame: as its documentation has it."""
    import pyvirtualcam

    pyvirtualcam.register_backend("ring", RingCamera)
    with pyvirtualcam.Camera(
        FORMAT.width, FORMAT.height, FORMAT.fps, fmt=pyvirtualcam.PixelFormat.BGR, device=str(path), backend="ring"
    ) as camera:
        for jpeg in jpegs(sys.stdin.buffer):
            camera.send(np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)))
            camera.sleep_until_next_frame()


if __name__ == "__main__":
    {"ring": copy, "pyvirtualcam": pyvirtualcam_loop}[sys.argv[1]](Path(sys.argv[2]))
