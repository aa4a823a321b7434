"""The three places where geometry is not enough, cut from the drawn picture: the mouth and both eyes.

A patch is a similarity of the picture that goes with the skull (its place, roll and size, never the expression), with
`DENSITY` pixels to an eye distance. The left eye is mirrored, so that one network serves both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
import numpy.typing as npt

from avatard.face_mesh import INNER_LIPS, LEFT_EYE, RIGHT_EYE
from avatard.reenact.fill import Floats, smoothstep

if TYPE_CHECKING:
    from avatard.frame import Picture
    from avatard.reenact.likeness import Likeness, Pose
    from avatard.reenact.puppet import Puppet

#: Patch pixels to an eye distance (outer corner to outer corner): a 720p head has about 160.
DENSITY: Final = 128
#: Width and height of the patches, pixels.
MOUTH: Final = (128, 96)
EYE: Final = (64, 64)
#: Where in a patch its anchor is (the closed mouth's middle, the eye's middle), pixels.
MOUTH_AT: Final = (63.5, 36.0)
EYE_AT: Final = (31.5, 33.0)
#: A correction fades out over so many pixels towards the patch's border.
FADE: Final = 10.0


@dataclass(frozen=True, slots=True)
class Patch:
    """One patch at one instant. matrix: 2x3, canvas pixels of a patch pixel. size: width, height."""

    matrix: npt.NDArray[np.float64]
    size: tuple[int, int]

    def cut(self, picture: Picture) -> Picture:
        """The patch's pixels, height x width x 3 uint8 BGR."""
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        cut = cv2.warpAffine(picture, self.matrix, self.size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(cut, np.uint8)

    def local(self, points: npt.NDArray[np.floating]) -> Floats:
        """Nx2 canvas pixels → patch pixels."""
        away = np.asarray(points, np.float64) - self.matrix[:, 2]
        return np.asarray(away @ np.linalg.inv(self.matrix[:, :2]).T, np.float32)

    def turned(self, vectors: npt.NDArray[np.floating]) -> Floats:
        """Nx2 directions in canvas pixels → patch pixels."""
        return np.asarray(np.asarray(vectors, np.float64) @ np.linalg.inv(self.matrix[:, :2]).T, np.float32)


class Placement:
    """Where the patches of one portrait are, for any pose."""

    def __init__(self, likeness: Likeness, landmarks: Floats) -> None:
        mouth = landmarks[[INNER_LIPS[0], INNER_LIPS[10]]].mean(0)
        eyes = [landmarks[[ring[0], ring[8]]].mean(0) for ring in (RIGHT_EYE, LEFT_EYE)]
        self._anchors = np.stack([mouth, *eyes]).astype(np.float64)
        self._scale = likeness.scale / DENSITY

    def at(self, pose: Pose) -> tuple[Patch, Patch, Patch]:
        """Mouth, right eye, left eye."""
        mouth, right, left = pose.place(self._anchors)
        across = pose.spread(np.eye(3)[:1])[0]
        across = self._scale * across / np.linalg.norm(across)
        down = np.array([-across[1], across[0]])
        return (
            _patch(mouth, across, down, MOUTH_AT, MOUTH),
            _patch(right, across, down, EYE_AT, EYE),
            _patch(left, -across, down, EYE_AT, EYE),
        )


def _patch(
    anchor: npt.NDArray[np.floating],
    across: npt.NDArray[np.floating],
    down: npt.NDArray[np.floating],
    at: tuple[float, float],
    size: tuple[int, int],
) -> Patch:
    axes = np.column_stack([across, down])
    return Patch(np.column_stack([axes, anchor - axes @ np.array(at)]), size)


def window(size: tuple[int, int]) -> Floats:
    """height x width, 0 at the border and 1 from `FADE` pixels on: what lies at a patch's border never changes."""
    width, height = size
    x, y = np.arange(width, dtype=np.float32)[None], np.arange(height, dtype=np.float32)[:, None]
    edge = np.minimum(np.minimum(x, width - 1 - x), np.minimum(y, height - 1 - y))
    return smoothstep(edge, 0.0, FADE)


def still(puppet: Puppet, pose: Pose) -> tuple[Picture, Picture, Picture]:
    """The portrait's own patches (mouth, right eye, left eye) in its rest `pose`: what the encoder looks at."""
    picture = puppet.scene.picture
    mouth, right, left = Placement(puppet.likeness, puppet.scene.landmarks).at(pose)
    return mouth.cut(picture), right.cut(picture), left.cut(picture)
