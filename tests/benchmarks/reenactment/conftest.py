"""Faces of known expression, in pictures of known size."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from avatard.face import Face, Pose
from avatard.geometry import rotation_matrix
from avatard.motion import UNIT, UNITS
from avatard.track.scripted import canonical_face

#: Height and width of the pictures that `face` lies in the middle of, and its eye distance, pixels.
SHAPE = (240, 320)
EYES = 80.0

Make = Callable[..., Face]


@pytest.fixture(scope="session")
def face() -> Make:
    """face(yaw in radians, **units): the canonical head, upright."""

    def make(yaw: float = 0.0, **units: float) -> Face:
        vector = np.zeros(len(UNITS), np.float32)
        for name, value in units.items():
            vector[UNIT[name]] = value
        rotation = rotation_matrix(yaw, 0.0, 0.0)
        pose = Pose(rotation, np.array([SHAPE[1] / 2, SHAPE[0] * 0.42, 0.0]), EYES)
        return canonical_face(vector, pose)

    return make
