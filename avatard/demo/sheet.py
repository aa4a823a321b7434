"""The contact sheet: driver and avatar side by side, twelve moments of the film."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from avatard.frame import Picture

COLUMNS, ROWS = 3, 4
#: Of one half of a pair: 4:3, as most webcams are.
_WIDTH, _HEIGHT = 320, 240
_GAP = 8
_PAPER = 245


@dataclass(frozen=True, slots=True)
class Pair:
    """What the driver did, and what the avatar made of it. Any sizes; the middle of each is shown."""

    driver: Picture
    avatar: Picture


def contact_sheet(pairs: list[Pair]) -> Picture:
    """At most twelve pairs on one sheet, in reading order."""
    pair_width = 2 * _WIDTH
    rows = max(1, -(-len(pairs) // COLUMNS))
    sheet = np.full((rows * (_HEIGHT + _GAP) + _GAP, COLUMNS * (pair_width + _GAP) + _GAP, 3), _PAPER, np.uint8)
    for index, pair in enumerate(pairs[: COLUMNS * ROWS]):
        row, column = divmod(index, COLUMNS)
        y, x = _GAP + row * (_HEIGHT + _GAP), _GAP + column * (pair_width + _GAP)
        sheet[y : y + _HEIGHT, x : x + _WIDTH] = _cover(pair.driver)
        sheet[y : y + _HEIGHT, x + _WIDTH : x + pair_width] = _cover(pair.avatar)
    return sheet


def spread(candidates: list[int], wanted: int = COLUMNS * ROWS) -> list[int]:
    """At most `wanted` of the candidates, evenly spread, first and last included."""
    if len(candidates) <= wanted:
        return candidates
    return [candidates[round(at)] for at in np.linspace(0, len(candidates) - 1, wanted)]


def _cover(picture: Picture) -> Picture:
    """The middle of `picture` in the cell's shape: what does not fit is cut off left and right, or below."""
    height, width = picture.shape[:2]
    used_width = min(width, height * _WIDTH // _HEIGHT)
    used_height = min(height, width * _HEIGHT // _WIDTH)
    left = (width - used_width) // 2
    middle = picture[:used_height, left : left + used_width]
    return np.asarray(cv2.resize(middle, (_WIDTH, _HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)
