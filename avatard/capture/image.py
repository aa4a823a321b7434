"""A still picture as a source."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from avatard.capture.ticks import Ticks
from avatard.errors import SourceError
from avatard.frame import Frame, Stamp
from avatard.picture_file import read_picture

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.config import CaptureConfig
    from avatard.frame import Picture


class Image:
    """Gives the same picture at the configured rate, shrunk to the configured size if it is larger (a tracker has no
    use for 40 megapixels)."""

    def __init__(self, path: str, config: CaptureConfig) -> None:
        self._path = Path(path)
        self._config = config
        self._pixels: Picture | None = None
        self._ticks = Ticks(config.fps)
        self._seq = 0

    @property
    def description(self) -> str:
        if self._pixels is None:
            return str(self._path)
        height, width = self._pixels.shape[:2]
        return f"{self._path}: a still picture of {width}x{height}"

    @property
    def fps(self) -> float:
        return self._config.fps

    def __enter__(self) -> Self:
        pixels, _sha256 = read_picture(self._path, SourceError)
        self._pixels = _shrunk(pixels, self._config.width, self._config.height)
        self._ticks = Ticks(self._config.fps)
        self._seq = 0
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        self._pixels = None

    def read(self, timeout_s: float) -> Frame | None:
        assert self._pixels is not None, "not entered"
        tick = self._ticks.wait(timeout_s)
        if tick is None:
            return None
        frame = Frame(self._pixels, self._seq, tick[0], Stamp.DUE)
        self._seq += 1
        return frame


def _shrunk(pixels: Picture, width: int, height: int) -> Picture:
    """`pixels` within width x height, its aspect kept; never enlarged."""
    import cv2
    import numpy as np

    scale = min(width / pixels.shape[1], height / pixels.shape[0])
    if scale >= 1:
        return pixels
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
