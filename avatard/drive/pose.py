"""The driver's head movement as the avatar's: relative to how this driver sits, within limits, scale locked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from avatard.canonical import NECK
from avatard.drive.limits import soft_limit
from avatard.drive.quantile import Measures, RunningQuantile
from avatard.geometry import euler, rotation_matrix

if TYPE_CHECKING:
    from avatard.face import Pose

Vector = npt.NDArray[np.float64]

#: Radians of yaw, pitch, roll that a portrait survives.
LIMITS: Final = np.radians([25.0, 20.0, 30.0])
#: Eye distances that the avatar moves aside, and how much of the driver's own way that is: less, as its picture is
#: not as wide as the driver's room.
SHIFT, FOLLOW = 0.25, 0.6
#: A median over a minute and a half: who looks aside for longer has moved the screen. Where rest can be: cameras stand
#: low, high and aside.
MEMORY_S, PRIOR_S = 90.0, 2.0
ANGLES: Final = Measures(
    low=np.radians([-70.0, -70, -70]),
    high=np.radians([70.0, 70, 70]),
    quantile=np.full(3, 0.5),
    rest_low=np.radians([-25.0, -25, -12]),
    rest_high=np.radians([25.0, 25, 12]),
)
#: FaceMesh under-reports nodding: 0.75 of the true pitch on renders of a head at known angles (yaw 1.01, roll 0.98).
#: No weighting of the landmarks mends it, with their depth or without.
TRUE: Final = np.array([1.0, 1.3, 1.0])
#: Seconds in which a new place in the chair becomes the middle.
SETTLE_S: Final = 15.0


class HeadPose:
    """Learns the driver's rest pose and gives movement relative to it."""

    def __init__(self) -> None:
        self._angles = RunningQuantile(ANGLES, MEMORY_S, PRIOR_S)
        self._middle: Vector | None = None

    def recenter(self, pose: Pose) -> None:
        """Take `pose` as rest, from now on."""
        self._angles.reset()
        self._angles.observe(euler(pose.rotation), 0.0)
        self._middle = _neck(pose)

    def follow(self, pose: Pose, dt_s: float, gain: float) -> tuple[Vector, Vector]:
        """Rotation (yaw, pitch, roll) and translation (eye distances) for `Motion`, `dt_s` after the last pose."""
        self._angles.observe(euler(pose.rotation), dt_s)
        neck = _neck(pose)
        if self._middle is None:
            self._middle = neck
        self._middle = self._middle + min(1.0, dt_s / SETTLE_S) * (neck - self._middle)
        turned = euler(pose.rotation @ rotation_matrix(*self._angles.value).T)
        shift = FOLLOW * gain * (neck - self._middle) / pose.scale
        return soft_limit(gain * TRUE * turned, LIMITS), np.append(soft_limit(shift, SHIFT), 0.0)


def _neck(pose: Pose) -> Vector:
    """Where the head turns on its neck, pixels: stays where it is while the head only turns."""
    return np.asarray((pose.translation + pose.scale * pose.rotation @ NECK)[:2])
