"""A y4m ring from its reader's side: which frame is to be seen in it, by the barcode, and since when."""

from __future__ import annotations

import mmap
import re
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from avatard.seal.barcode import COLUMNS, ROWS, decode, place

_HEADER = re.compile(rb"YUV4MPEG2 W(\d+) H(\d+) [^\n]*\n")
_FRAME = b"FRAME\n"


class Sighting(NamedTuple):
    """A frame of the source, when it was taken, and when it was first seen here (both monotonic ns)."""

    seq: int
    captured_ns: int
    seen_ns: int


class Ring:
    """Looks at the file another process rewrites. One thread."""

    def __init__(self, pictures: npt.NDArray[np.uint8], height: int) -> None:
        """pictures: one row a place of the ring, each a FRAME line and an I420 picture; a live view of the file."""
        width = (pictures.shape[1] - len(_FRAME)) * 2 // 3 // height
        luma = pictures[:, len(_FRAME) : len(_FRAME) + width * height]
        self._luma = luma.reshape(len(pictures), height, width)
        x, y, block = place(width, height)
        rows = slice(y + block // 2, y + ROWS * block, block)
        columns = slice(x + block // 2, x + COLUMNS * block, block)
        self._middles = self._luma[:, rows, columns]
        self._shown = [b""] * len(pictures)

    @classmethod
    def open(cls, path: Path) -> Ring | None:
        """The ring at `path`, or None where there is none yet."""
        try:
            with path.open("rb") as file:
                view = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError):  # not there, or still empty
            return None
        header = _HEADER.match(view[:256])
        if header is None:
            return None
        width, height = int(header[1]), int(header[2])
        size = len(_FRAME) + width * height * 3 // 2
        places = (len(view) - header.end()) // size
        if not places:
            return None
        pictures = np.frombuffer(view, np.uint8, places * size, header.end()).reshape(places, size)
        return cls(pictures, height)

    def look(self) -> Sighting | None:
        """What has newly come, in whichever place; None when nothing has, or it is being written just now.

        Costs microseconds while nothing changes: only the middles of the barcode's blocks are compared.
        """
        for index, middles in enumerate(self._middles):
            shown = middles.tobytes()
            if shown == self._shown[index]:
                continue
            found = decode(self._luma[index])
            if found is not None:
                self._shown[index] = shown
                return Sighting(*found, time.monotonic_ns())
        return None
