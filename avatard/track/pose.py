"""Where the head is and how it is turned, from landmarks."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from avatard import canonical
from avatard.face import Pose
from avatard.face_mesh import RIGID
from avatard.geometry import similarity

#: Landmarks that expression moves least (`RIGID`) and that FaceMesh places best weigh most: the eye corners and the
#: bridge of the nose. The outline slides along the cheek when the head turns.
STEADY: Final = (33, 133, 362, 263, 168, 6, 197, 195, 5, 8, 9, 151)


@cache
def _rigid() -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    index = np.array(RIGID)
    weights = np.where(np.isin(index, STEADY), 1.0, 0.3)
    return index, canonical.neutral()[index].astype(np.float64), weights


def solve(landmarks: npt.NDArray[np.float32]) -> Pose:
    """The rigid motion and scale that carry the canonical head to `landmarks` (478x3 pixels).

    Raises ValueError for landmarks that are no face at all: not finite, or all in one place.
    """
    index, head, weights = _rigid()
    seen = landmarks[index].astype(np.float64)
    if not np.isfinite(seen).all() or np.ptp(seen[:, 0]) < 1e-3:
        raise ValueError("these landmarks are no face")
    scale, rotation, translation = similarity(head, seen, weights)
    return Pose(rotation, translation, scale)


def unpose(landmarks: npt.NDArray[np.float32], pose: Pose) -> npt.NDArray[np.float32]:
    """478x3 float32: landmarks in the head's own frame, in eye distances of the canonical head."""
    local = ((landmarks - pose.translation) / pose.scale) @ pose.rotation
    return np.asarray(local, np.float32)


def repose(local: npt.NDArray[np.float32], pose: Pose) -> npt.NDArray[np.float32]:
    """The inverse of `unpose`."""
    return np.asarray(pose.scale * local @ pose.rotation.T + pose.translation, np.float32)
