"""How like two pictures are, how sharp one is, how much a sequence flickers. Grey levels are 0..255."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from avatard.frame import Picture
from benchmarks.reenactment.regions import Mask

Map = npt.NDArray[np.float32]
PEAK = 255.0
#: Best PSNR that is told: equal pictures would be infinite.
EQUAL_DB = 99.0


def squared_error(a: Picture, b: Picture) -> Map:
    """HxW: mean over the three channels."""
    difference = a.astype(np.float32) - b.astype(np.float32)
    return np.asarray((difference**2).mean(2), np.float32)


def psnr(mean_squared_error: float) -> float:
    """Decibels."""
    if mean_squared_error <= 0:
        return EQUAL_DB
    return float(min(10 * np.log10(PEAK**2 / mean_squared_error), EQUAL_DB))


def ssim(a: Picture, b: Picture) -> Map:
    """HxW structural similarity of the luma. Source: Wang et al., "Image quality assessment: from error visibility to
    structural similarity", 2004: Gaussian window of 1.5 pixels, K1 0.01, K2 0.03."""
    x, y = _luma(a), _luma(b)
    mean_x, mean_y = _window(x), _window(y)
    var_x, var_y = _window(x * x) - mean_x**2, _window(y * y) - mean_y**2
    both = _window(x * y) - mean_x * mean_y
    c1, c2 = (0.01 * PEAK) ** 2, (0.03 * PEAK) ** 2
    top = (2 * mean_x * mean_y + c1) * (2 * both + c2)
    return np.asarray(top / ((mean_x**2 + mean_y**2 + c1) * (var_x + var_y + c2)), np.float32)


def laplacian_energy(picture: Picture) -> Map:
    """HxW: the squared Laplacian of the luma; what blurring takes away first."""
    return np.asarray(cv2.Laplacian(_luma(picture), cv2.CV_32F) ** 2, np.float32)


def second_difference(pictures: Sequence[Picture]) -> Map:
    """HxW: mean over time and channels of |previous - 2·this + next|; a steady change of light gives 0."""
    if len(pictures) < 3:
        raise ValueError("a second difference needs three pictures")
    total = np.zeros(pictures[0].shape, np.int32)
    for before, now, after in zip(pictures, pictures[1:], pictures[2:], strict=False):
        total += np.abs(before.astype(np.int16) - 2 * now.astype(np.int16) + after)
    return np.asarray(total.mean(2) / (len(pictures) - 2), np.float32)


def mean_in(values: Map, mask: Mask) -> float:
    """Mean of `values` where `mask`; nan where that is nowhere."""
    inside = values[mask]
    return float(inside.mean(dtype=np.float64)) if inside.size else float("nan")


def _luma(picture: Picture) -> Map:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.float32)


def _window(values: Map) -> Map:
    return np.asarray(cv2.GaussianBlur(values, (11, 11), 1.5), np.float32)
