"""Smooth filling of unknown pixels from known ones, at all scales at once; and steps and edges that are as smooth."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float32]
"""Pixels, places or shares, of any shape."""

#: Second map of `cv2.remap` and `cv2.convertMaps` when the first holds both coordinates.
ONE_MAP: Final = np.empty(0, np.float32)


def push_pull(picture: Floats, known: Floats, finest: int = 0) -> Floats:
    """Fill where `known` (HxW, 0..1) is 0 with a smooth extension of `picture` (HxWxC, any range).

    `finest`: levels of detail to leave out (2^finest pixels), also where the picture is known.
    Source: Gortler et al., "The Lumigraph", 1996, section 3.4 (push-pull).
    """
    values: list[Floats] = [np.asarray(picture * known[..., None], np.float32)]
    weights: list[Floats] = [known]
    while min(weights[-1].shape) > 3:
        values.append(np.asarray(cv2.pyrDown(values[-1]), np.float32))
        weights.append(np.asarray(cv2.pyrDown(weights[-1]), np.float32))
    filled: Floats = np.asarray(values[-1] / np.maximum(weights[-1], 1e-20)[..., None], np.float32)
    for level in range(len(values) - 2, -1, -1):
        h, w = weights[level].shape
        filled = np.asarray(cv2.pyrUp(filled, dstsize=(w, h)), np.float32)
        if level >= finest:
            have = np.minimum(weights[level] * 2.0, 1.0)[..., None]
            own = values[level] / np.maximum(weights[level], 1e-20)[..., None]
            filled = filled + (own - filled) * have
    return filled


def smoothstep(
    x: npt.NDArray[np.floating], low: float | npt.NDArray[np.floating], high: float | npt.NDArray[np.floating]
) -> Floats:
    """0 below `low`, 1 above `high`, smooth between."""
    t = np.clip((x - low) / (high - low), 0.0, 1.0)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def thrice(plane: Any) -> Floats:
    """HxW → HxWx3, the same in each channel: ten times faster to multiply with than broadcasting over three."""
    return np.asarray(cv2.cvtColor(plane, cv2.COLOR_GRAY2BGR), np.float32)


def between(top: Floats, bottom: Floats, y: Floats) -> Floats:
    """HxW float32, how much of each pixel lies between the rows `top` and `bottom` of its column."""
    inside = np.minimum(y + 0.5, bottom) - np.maximum(y - 0.5, top)
    return np.asarray(np.clip(inside, 0, 1), np.float32)
