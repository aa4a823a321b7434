"""Smooth filling of unknown pixels from known ones, at all scales at once."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float32]


def push_pull(picture: Float, known: Float, finest: int = 0) -> Float:
    """Fill where `known` (HxW, 0..1) is 0 with a smooth extension of `picture` (HxWxC, any range).

    `finest`: levels of detail to leave out (2^finest pixels), also where the picture is known.
    Source: Gortler et al., "The Lumigraph", 1996, section 3.4 (push-pull).
    """
    values, weights = [picture * known[..., None]], [known]
    while min(weights[-1].shape) > 2:
        values.append(cv2.pyrDown(values[-1]))
        weights.append(cv2.pyrDown(weights[-1]))
    filled = values[-1] / np.maximum(weights[-1], 1e-6)[..., None]
    for level in range(len(values) - 2, -1, -1):
        h, w = weights[level].shape
        filled = cv2.pyrUp(filled, dstsize=(w, h))
        if level >= finest:
            have = np.minimum(weights[level] * 2.0, 1.0)[..., None]
            own = values[level] / np.maximum(weights[level], 1e-6)[..., None]
            filled = filled + (own - filled) * have
    return np.asarray(filled, np.float32)


def smoothstep(x: npt.NDArray[np.floating], low: float, high: float) -> Float:
    """0 below `low`, 1 above `high`, smooth between."""
    t = np.clip((x - low) / (high - low), 0.0, 1.0)
    return np.asarray(t * t * (3 - 2 * t), np.float32)
