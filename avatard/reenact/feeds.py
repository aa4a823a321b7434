"""What the network is given at one instant: patches of the drawn picture with their maps, and the numbers beside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np

from avatard.reenact.cues import EYE_CODE, MOUTH_CODE, MOUTH_MAPS, Lids, eye_code, mouth_code, mouth_maps
from avatard.reenact.fill import Floats
from avatard.reenact.patches import EYE, MOUTH, Patch, Placement, still

if TYPE_CHECKING:
    from avatard.frame import Picture
    from avatard.motion import Motion
    from avatard.reenact.likeness import Pose
    from avatard.reenact.puppet import Drawn, Puppet

#: Planes of a picture: BGR, 0..1.
COLOURS: Final = 3
#: Shapes of what `Feeds` fills; the eyes are right and left, the left one mirrored.
SHAPES: Final[Mapping[str, tuple[int, ...]]] = {
    "mouth": (1, COLOURS + MOUTH_MAPS, MOUTH[1], MOUTH[0]),
    "eyes": (2, COLOURS + 1, EYE[1], EYE[0]),
    "mouth_code": (1, MOUTH_CODE),
    "eye_code": (2, EYE_CODE),
}
#: Shapes of what the encoder is given.
STILL_SHAPES: Final[Mapping[str, tuple[int, ...]]] = {
    "mouth": (1, COLOURS, MOUTH[1], MOUTH[0]),
    "eyes": (2, COLOURS, EYE[1], EYE[0]),
}

_SCALE: Final = np.float32(1 / 255)


class Feeds:
    """The network's inputs for one portrait, in arrays that are filled again for each picture. One thread."""

    def __init__(self, puppet: Puppet) -> None:
        self._puppet = puppet
        self._placement = Placement(puppet.likeness, puppet.scene.landmarks)
        self._lids = Lids(puppet.likeness, puppet.scene.landmarks)
        self.arrays: dict[str, Floats] = {name: np.zeros(shape, np.float32) for name, shape in SHAPES.items()}

    def fill(self, drawn: Drawn, motion: Motion) -> tuple[Patch, Patch, Patch]:
        """Fill `arrays` from what the puppet has just drawn. Returns the places: mouth, right eye, left eye."""
        puppet, arrays = self._puppet, self.arrays
        places = self._placement.at(drawn.pose)
        mouth = arrays["mouth"][0]
        _planes(places[0].cut(puppet.canvas), mouth[:COLOURS])
        mouth[COLOURS:] = mouth_maps(places[0], drawn, puppet.likeness, puppet.teeth)
        arrays["mouth_code"][0] = mouth_code(drawn, motion)
        for side, patch in enumerate(places[1:]):
            eye = arrays["eyes"][side]
            _planes(patch.cut(puppet.canvas), eye[:COLOURS])
            eye[COLOURS] = self._lids.map(side, patch, drawn.pose, drawn.expression.eyes[side])
            arrays["eye_code"][side] = eye_code(side, drawn.expression, motion)
        return places


def still_feeds(puppet: Puppet, pose: Pose) -> dict[str, Floats]:
    """The portrait's own patches in its rest `pose`, as the encoder takes them: `STILL_SHAPES`."""
    arrays: dict[str, Floats] = {name: np.empty(shape, np.float32) for name, shape in STILL_SHAPES.items()}
    mouth, right, left = still(puppet, pose)
    _planes(mouth, arrays["mouth"][0])
    _planes(right, arrays["eyes"][0])
    _planes(left, arrays["eyes"][1])
    return arrays


def _planes(picture: Picture, out: Floats) -> None:
    """HxWx3 uint8 → 3xHxW, 0..1."""
    np.multiply(picture.transpose(2, 0, 1), _SCALE, out=out)
