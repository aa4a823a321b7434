"""How well the badge can be seen in a picture that codecs and browsers have been at."""

from __future__ import annotations

import numpy as np

from avatard.seal.badge import Badge
from avatard.seal.masks import load_masks
from avatard.sealed import VideoFormat


def badge_likeness(luma: np.ndarray) -> float:
    """Correlation of the badge's place in an HxW picture with the badge on plain grey: 1 for the same."""
    height, width = luma.shape
    badge = Badge(load_masks("en"), VideoFormat(width, height))
    drawn = np.full((height * 3 // 2, width), 128, np.uint8)
    badge.draw(drawn)
    x, y, wide, high = badge.box
    place = slice(y, y + high), slice(x, x + wide)
    return float(np.corrcoef(drawn[place].ravel(), luma[place].ravel())[0, 1])
