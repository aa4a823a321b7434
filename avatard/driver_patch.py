"""Cuts the driver's inner mouth out of a frame: nothing but what lies between the lips leaves the camera's picture."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from avatard.face_mesh import CHEEKS, INNER_LIPS
from avatard.frame import Picture
from avatard.motion import DriverPatch

#: Smaller openings than this (pixels²) show no teeth worth carrying; lips that touch give no patch at all.
LEAST_AREA = 12.0
#: Half the side of the squares that measure the cheeks' colour, pixels.
SPOT = 2


def cut_driver_patch(pixels: Picture, landmarks: npt.NDArray[np.float32], captured_ns: int) -> DriverPatch | None:
    """The patch of a frame's `pixels` whose tracked `landmarks` (478x3, pixels) are given; None with closed lips.

    The crop is the lips' bounding box within the frame; every pixel outside their polygon is black.
    """
    height, width = pixels.shape[:2]
    lips = landmarks[list(INNER_LIPS), :2].astype(np.float32)
    if not np.isfinite(lips).all() or cv2.contourArea(lips) < LEAST_AREA:
        return None
    low = np.clip(np.floor(lips.min(0)).astype(int), 0, (width, height))
    high = np.clip(np.ceil(lips.max(0)).astype(int) + 1, 0, (width, height))
    if (high - low < 2).any():
        return None
    crop = pixels[low[1] : high[1], low[0] : high[0]]
    own = (lips - low).astype(np.float32)
    mask = np.zeros(crop.shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.rint(own * 16).astype(np.int32)], (255,), shift=4)
    inside = np.where(mask[..., None] > 0, crop, 0).astype(np.uint8)
    return DriverPatch(np.ascontiguousarray(inside), own, _skin(pixels, landmarks), captured_ns)


def _skin(pixels: Picture, landmarks: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Mean BGR of small squares on cheeks and nose."""
    height, width = pixels.shape[:2]
    spots = []
    for x, y in landmarks[list(CHEEKS), :2]:
        i, j = int(np.clip(y, SPOT, height - SPOT - 1)), int(np.clip(x, SPOT, width - SPOT - 1))
        spots.append(pixels[i - SPOT : i + SPOT + 1, j - SPOT : j + SPOT + 1].reshape(-1, 3).mean(0))
    return np.asarray(np.mean(spots, 0), np.float32)
