"""Whether tracked landmarks can be a face at all: a hand, a shirt or a profile must not drive the avatar."""

from __future__ import annotations

from typing import Final

import numpy as np

from avatard.canonical import neutral
from avatard.face import Face
from avatard.face_mesh import RIGID
from avatard.geometry import euler
from avatard.track.pose import unpose

#: Pixels between the outer eye corners below which lids and lips are noise.
SMALLEST: Final = 16.0
#: Radians. Beyond, half of the landmarks are behind the head and FaceMesh invents them.
YAW, PITCH = np.radians(60.0), np.radians(50.0)
#: Root mean square of the rigid landmarks' misfit, in eye distances: 0.03–0.06 for real people.
MISFIT: Final = 0.16
#: Share of the landmarks that must lie within the picture.
INSIDE: Final = 0.6


def plausible(face: Face, shape: tuple[int, ...]) -> bool:
    """True for landmarks that can be a face in a picture of `shape` (height, width, …)."""
    if not np.isfinite(face.landmarks).all() or face.pose.scale < SMALLEST:
        return False
    yaw, pitch, _ = euler(face.pose.rotation)
    if abs(yaw) > YAW or abs(pitch) > PITCH:
        return False
    x, y = face.landmarks[:, 0], face.landmarks[:, 1]
    if ((x >= 0) & (x < shape[1]) & (y >= 0) & (y < shape[0])).mean() < INSIDE:
        return False
    rigid = list(RIGID)
    misfit = unpose(face.landmarks[rigid], face.pose)[:, :2] - neutral()[rigid, :2]
    return bool(np.sqrt((misfit**2).sum(1).mean()) < MISFIT)
