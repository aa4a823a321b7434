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

    def __init__(self, view: mmap.mmap, start: int, width: int, height: int) -> None:
        """view: the file. start: where its first FRAME line begins."""
        size = len(_FRAME) + width * height * 3 // 2
        places = (len(view) - start) // size
        pictures = np.frombuffer(view, np.uint8, places * size, start).reshape(places, size)
        self._view = view
        self._luma = pictures[:, len(_FRAME) : len(_FRAME) + width * height].reshape(places, height, width)
        x, y, block = place(width, height)
        line = (y + ROWS * block - block // 2) * width + x
        self._lines = [
            slice(first := start + index * size + len(_FRAME) + line, first + COLUMNS * block)
            for index in range(places)
        ]
        self._shown = [b""] * places
        self._newest = 0

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
        ring = cls(view, header.end(), int(header[1]), int(header[2]))
        return ring if ring._lines else None

    @property
    def luma(self) -> npt.NDArray[np.uint8]:
        """The picture that `look` saw last, HxW, as it is now."""
        newest: npt.NDArray[np.uint8] = self._luma[self._newest]
        return newest

    def look(self) -> Sighting | None:
        """What has newly come, in whichever place; None when nothing has, or it is being written just now.

        Costs a microsecond while nothing changes: one line of bytes is compared, through the barcode's last row, which
        changes with every frame and is written after the first.
        """
        for index, line in enumerate(self._lines):
            shown = self._view[line]
            if shown == self._shown[index]:
                continue
            found = decode(self._luma[index])
            if found is not None:
                self._shown[index], self._newest = shown, index
                return Sighting(*found, time.monotonic_ns())
        return None
