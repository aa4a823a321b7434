"""Smoothing of a tracked face: the head as a rigid body firmly, the expression on it lightly, lips and lids hardly.

Filtering landmarks in the picture would let lips lag behind a moving head. So the pose is taken out, both parts are
filtered each with its own One-Euro, and the pose is put back.

Lag, measured by the shift that matches output to input best: pose 32, 23, 22 ms at a sine of ±10° and 0.3, 0.7, 1.5 Hz
(30 fps, landmarks with 0.12 px of noise at 100 px of eye distance); on ten talking clips of 25 fps lips 3–5 ms (98–99 %
of their range kept), lids 7–13 ms (96 % of a blink's depth), mouth width 8 ms.
Jitter of a still head: pose 0.025° → 0.010°, landmarks 0.12 → 0.05 px, second difference of the cheek to a third.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from avatard.face import LANDMARKS, Face, Pose
from avatard.face_mesh import INNER_LIPS, LEFT_EYE, LEFT_IRIS, OUTER_LIPS, RIGHT_EYE, RIGHT_IRIS
from avatard.timing import NS_PER_S
from avatard.track.one_euro import OneEuro
from avatard.track.pose import repose, unpose

#: Landmarks that must arrive at once: a blink lasts 3–5 frames, the closure of a p 2.
QUICK: Final = (*INNER_LIPS, *OUTER_LIPS, *LEFT_EYE, *RIGHT_EYE)
#: Irises jump (saccades) and are the noisiest landmarks.
IRISES: Final = (*LEFT_IRIS, *RIGHT_IRIS)
#: cutoff Hz, Hz per (eye distance / s). For the pose, fc 1 and β 0.007 px at 244 px (β 1.7 here) is 1.3 times quieter
#: but 55 ms late at a nod of 0.7 Hz, which a viewer sees; these are 23 ms late and leave 0.01° of jitter.
POSE: Final = (1.5, 8.0)
SKIN: Final = (2.0, 6.0)
LIPS_AND_LIDS: Final = (6.0, 60.0)
GAZE: Final = (1.5, 15.0)
#: A gap in time after which the past says nothing.
FORGET_S: Final = 0.5


def _per_landmark(at: int) -> npt.NDArray[np.float32]:
    column = np.full((LANDMARKS, 1), SKIN[at], np.float32)
    column[list(QUICK)] = LIPS_AND_LIDS[at]
    column[list(IRISES)] = GAZE[at]
    return column


class Smoother:
    """Smooths the faces of one person, in order of time."""

    def __init__(self) -> None:
        self._expression = OneEuro(_per_landmark(0), _per_landmark(1), speed_cutoff=8.0)
        self._pose = OneEuro(*POSE, speed_cutoff=1.0)
        self._last_ns: int | None = None
        self._unit = 1.0  # pixels of an eye distance when the smoothing began

    def reset(self) -> None:
        """Forget the past: the next face passes as it is."""
        self._expression.reset()
        self._pose.reset()
        self._last_ns = None

    def __call__(self, face: Face) -> Face:
        dt_s = 0.0 if self._last_ns is None else (face.captured_ns - self._last_ns) / NS_PER_S
        if not 0 < dt_s < FORGET_S:
            self.reset()
            self._unit = face.pose.scale
        self._last_ns = face.captured_ns
        local = self._expression(unpose(face.landmarks, face.pose), dt_s)
        pose = self._smooth_pose(face.pose, dt_s)
        return replace(face, landmarks=repose(np.asarray(local, np.float32), pose), pose=pose, measured=face.landmarks)

    def _smooth_pose(self, pose: Pose, dt_s: float) -> Pose:
        """Rotation, place and log scale as one vector, all in units of the head's size (a radian moves the nose by
        half an eye distance)."""
        vector = np.concatenate([pose.rotation.ravel(), pose.translation / self._unit, [np.log(pose.scale)]])
        smooth: npt.NDArray[Any] = np.asarray(self._pose(vector, dt_s), np.float64)
        u, _, vt = np.linalg.svd(smooth[:9].reshape(3, 3))  # the nearest rotation: means of rotations are not quite one
        return Pose(u @ vt, smooth[9:12] * self._unit, float(np.exp(smooth[12])))
