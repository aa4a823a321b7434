"""Plates and letters as coverage: what `Overlay` blends."""

from __future__ import annotations

import cv2
import numpy as np

from avatard.seal.masks import Coverage, covered


def rounded(width: int, height: int, radius: int) -> Coverage:
    """A rectangle with round corners, smooth at the edge. All in pixels; radius at most half the shorter side."""
    fine = 8
    big = np.zeros((height * fine, width * fine), np.uint8)
    right, bottom, r = width * fine - 1, height * fine - 1, radius * fine
    cv2.rectangle(big, (r, 0), (right - r, bottom), (255,), -1)
    cv2.rectangle(big, (0, r), (right, bottom - r), (255,), -1)
    for centre in ((r, r), (right - r, r), (r, bottom - r), (right - r, bottom - r)):
        cv2.circle(big, centre, r, (255,), -1)
    return covered(cv2.resize(big, (width, height), interpolation=cv2.INTER_AREA))


def centred(ink: Coverage, width: int, height: int, middle: int | None = None) -> Coverage:
    """`ink` on an empty field, its middle on the field's middle column and on row `middle` (the middle row if None);
    what would stand out is cut, which only empty rows of a text do."""
    field = np.zeros((height, width), np.float32)
    x = (width - ink.shape[1]) // 2
    assert x >= 0
    y = (height // 2 if middle is None else middle) - ink.shape[0] // 2
    above, below = max(0, -y), max(0, y + ink.shape[0] - height)
    field[y + above : y + ink.shape[0] - below, x : x + ink.shape[1]] = ink[above : ink.shape[0] - below]
    return field
