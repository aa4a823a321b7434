"""The faces in a still picture, for checking a portrait: how many, how large, how turned, eyes open or shut.

FaceMesh's short-range detector misses faces that fill the picture and those smaller than about a tenth of it, so the
picture is tried as it is, shrunk into a border, and in overlapping crops.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from avatard.canonical import neutral
from avatard.face import Face
from avatard.face_mesh import LEFT_EYE, RIGHT_EYE
from avatard.frame import Frame, Picture, Stamp
from avatard.geometry import ring_opening
from avatard.track.facemesh import Graph, as_face
from avatard.track.plausible import MISFIT, SMALLEST
from avatard.track.pose import unpose

FACES: Final = 4
#: A border of this share of the picture on each side: brings a face that fills it within the detector's range.
BORDERS: Final = (0.0, 0.3, 0.8)
#: Crops of this share of the picture, half overlapping.
CROPS: Final = (0.5, 0.34)
#: Two finds are one face when their centres are nearer than this, in eye distances of the larger.
SAME: Final = 1.0
MIN_SCORE: Final = 0.5


def find_faces(picture: Picture) -> list[Face]:
    """Every face found in `picture` (HxWx3 BGR), largest first, in its pixels; empty where there is none.

    Takes 0.1 s for an ordinary portrait, up to 1 s where nothing is found at once. Raises EngineError.
    """
    graph = Graph(MIN_SCORE, faces=FACES, still=True)
    try:
        faces: list[Face] = []
        for border in BORDERS:
            faces = _merged(faces, _in_border(graph, picture, border))
            if faces and border > 0:
                break
        if not faces:
            for crop, corner in _crops(picture):
                faces = _merged(faces, _faces(graph, crop, np.array([*corner, 0], np.float32)))
    finally:
        graph.close()
    return sorted(faces, key=lambda face: -face.pose.scale)


def eye_openings(face: Face) -> tuple[float, float]:
    """How far the left and the right eye are open: gap between the lids over the eye's width. About 0.25 at rest,
    below 0.1 shut. Measured without the head's pose."""
    local = unpose(face.landmarks, face.pose)
    return ring_opening(local, LEFT_EYE), ring_opening(local, RIGHT_EYE)


def _in_border(graph: Graph, picture: Picture, border: float) -> list[Face]:
    if border == 0:
        return _faces(graph, picture, np.zeros(3, np.float32))
    height, width = picture.shape[:2]
    y, x = round(height * border), round(width * border)
    framed = cv2.copyMakeBorder(picture, y, y, x, x, cv2.BORDER_CONSTANT, value=(128, 128, 128))
    return _faces(graph, np.asarray(framed, np.uint8), np.array([-x, -y, 0], np.float32))


def _crops(picture: Picture) -> Iterator[tuple[Picture, tuple[int, int]]]:
    height, width = picture.shape[:2]
    for share in CROPS:
        size = max(64, round(min(height, width) * share))
        for y in range(0, max(1, height - size // 2), size // 2):
            for x in range(0, max(1, width - size // 2), size // 2):
                x0, y0 = min(x, max(0, width - size)), min(y, max(0, height - size))
                yield np.ascontiguousarray(picture[y0 : y0 + size, x0 : x0 + size]), (x0, y0)


def _faces(graph: Graph, picture: Picture, offset: npt.NDArray[np.float32]) -> list[Face]:
    frame = Frame(picture, 0, 0, Stamp.READ)
    found = (as_face(marks + offset, frame) for marks in graph.find(picture))
    return [face for face in found if face is not None and _is_face(face)]


def _is_face(face: Face) -> bool:
    """A still may show a profile, so only shape and size are asked, not the pose as `plausible` does."""
    misfit = unpose(face.landmarks, face.pose)[:468, :2] - neutral()[:468, :2]
    return face.pose.scale >= SMALLEST and bool(np.sqrt((misfit**2).sum(1).mean()) < 2 * MISFIT)


def _merged(faces: list[Face], more: list[Face]) -> list[Face]:
    """Both lists, each face once (the first find of it)."""
    out = list(faces)
    for face in more:
        near = (
            np.linalg.norm(face.pose.translation[:2] - other.pose.translation[:2])
            < SAME * max(face.pose.scale, other.pose.scale)
            for other in out
        )
        if not any(near):
            out.append(face)
    return out
