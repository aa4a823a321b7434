"""A tracked face: where it is and what it does, in the camera's picture. Knows nothing of engines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

#: MediaPipe's face mesh with refined irises: 468 of the surface, then 5 for each iris.
LANDMARKS = 478


@dataclass(frozen=True, slots=True)
class Pose:
    """The head as a rigid body in the camera's picture.

    rotation: 3x3 float64, canonical head → camera axes (x right, y down, z away from the viewer).
    translation: 3 float64, pixels: where the canonical head's origin lies in the picture; z is relative.
    scale: pixels per unit of the canonical head (`canonical.py`), whose unit is the distance of the eyes.
    """

    rotation: npt.NDArray[np.float64]
    translation: npt.NDArray[np.float64]
    scale: float


@dataclass(frozen=True, slots=True)
class Face:
    """One face in one frame.

    landmarks: 478x3 float32 in pixels of the frame (z in the same unit, negative towards the viewer).
    expression: blendshape name → 0..1 where the backend measures them (Tasks API); empty with FaceMesh, whose
        expression is in the landmarks' geometry alone.
    score: 0..1, the backend's confidence.
    measured: 478x3 float32, where the landmarks were seen in this very frame, before smoothing made them late; None
        where `landmarks` says that already.
    """

    landmarks: npt.NDArray[np.float32]
    pose: Pose
    score: float
    seq: int
    captured_ns: int
    expression: Mapping[str, float] = field(default_factory=dict)
    measured: npt.NDArray[np.float32] | None = None
