"""What is left of frames when the picture is taken out: where the mark is looked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

Luma: TypeAlias = npt.NDArray[np.uint8]
"""HxW grey values."""
Residual: TypeAlias = npt.NDArray[np.float32]
"""HxW float32: fine detail in units of its own local strength, averaged over frames."""

#: In pixels of the level that a residual is taken at; chips are 2 to 5 of those.
_NEIGHBOURHOOD, _STRENGTH = 7, 15
_LIMIT = 2.5
#: Grey levels that count as flat: keeps noise-free areas from blowing up.
_FLOOR = 0.7


def residual(frames: Iterable[Luma], lines: int) -> Residual:
    """Average the detail of frames, each first scaled to `lines` on its shorter side.

    Detail is normalised by its local strength, so that edges of the picture, far stronger than the mark, weigh no
    more than flat areas, where the mark shows; the average takes out what moves.
    """
    total: Residual | None = None
    for frame in frames:
        scaled = _scaled(frame, lines)
        detail = scaled - cv2.blur(scaled, (_NEIGHBOURHOOD, _NEIGHBOURHOOD))
        strength = cv2.sqrt(cv2.blur(cv2.multiply(detail, detail), (_STRENGTH, _STRENGTH)))
        detail = np.clip(detail / (strength + np.float32(_FLOOR)), -_LIMIT, _LIMIT)
        total = detail if total is None else total + detail
    assert total is not None, "no frames"
    return np.asarray(total, np.float32)


def _scaled(frame: Luma, lines: int) -> Residual:
    height, width = frame.shape
    factor = lines / min(height, width)
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    shrinks = factor < 1
    resized = cv2.resize(frame, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return np.asarray(resized, np.float32)
