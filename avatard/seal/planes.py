"""The three planes inside an I420 buffer."""

from __future__ import annotations

from typing import NamedTuple

from avatard.sealed import I420


class Planes(NamedTuple):
    """Views, not copies: HxW luma, two H/2xW/2 chroma."""

    luma: I420
    blue: I420
    red: I420

    @classmethod
    def of(cls, i420: I420) -> Planes:
        """The planes of a C-contiguous (H*3/2)xW buffer, H and W even."""
        rows, width = i420.shape
        height = rows * 2 // 3
        flat = i420.reshape(-1)
        size, quarter = height * width, height * width // 4
        half = (height // 2, width // 2)
        return cls(
            i420[:height],
            flat[size : size + quarter].reshape(half),
            flat[size + quarter : size + 2 * quarter].reshape(half),
        )
