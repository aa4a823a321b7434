"""Finds a camera's pixels in what a sink was given."""

from __future__ import annotations

import numpy as np

from avatard.capture.fake import MARK_COLOURS
from avatard.sealed import I420

#: How near a chroma sample must be to a mark colour's, in levels. Avatars, badge and cards stay 40 away from both.
NEAR = 24


def leaked_pixels(i420: I420) -> int:
    """How many chroma samples of a picture have one of the colours that only a fake camera's pictures have."""
    height, width = i420.shape[0] * 2 // 3, i420.shape[1]
    chroma = i420[height:].reshape(2, height // 2, width // 2).astype(np.int16)
    count = 0
    for blue, green, red in MARK_COLOURS:
        # BT.601, limited range: the matrix that `seal` converts by.
        u = 128 + (112.0 * blue - 74.203 * green - 37.797 * red) / 255
        v = 128 + (112.0 * red - 93.786 * green - 18.214 * blue) / 255
        count += int(((abs(chroma[0] - u) < NEAR) & (abs(chroma[1] - v) < NEAR)).sum())
    return count
