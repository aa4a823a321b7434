"""Frames and faces for the tests of this folder."""

from pathlib import Path

import cv2
import numpy as np

from avatard.face import Face, Pose
from avatard.frame import Frame, Picture, Stamp
from avatard.geometry import rotation_matrix
from avatard.motion import UNIT, UNITS
from avatard.track.scripted import canonical_face

FRAME_NS = 40_000_000
START_NS = 5_000_000_000
BLANK = np.full((480, 640, 3), 90, np.uint8)


def frame(index: int, pixels: Picture = BLANK) -> Frame:
    """The index-th frame of a source of 25 fps."""
    return Frame(np.ascontiguousarray(pixels), index, START_NS + index * FRAME_NS, Stamp.DUE)


def head(
    x: float = 320, y: float = 220, scale: float = 90, yaw: float = 0, pitch: float = 0, roll: float = 0, **units: float
) -> Face:
    """The canonical head somewhere in a 640x480 picture."""
    named = np.zeros(len(UNITS), np.float32)
    for name, value in units.items():
        named[UNIT[name]] = value
    return canonical_face(named, Pose(rotation_matrix(yaw, pitch, roll), np.array([x, y, 0.0]), scale))


def read_clip(path: Path) -> list[Picture]:
    """All pictures of a clip."""
    video, pictures = cv2.VideoCapture(str(path)), []
    while (read := video.read())[0]:
        pictures.append(np.asarray(read[1], np.uint8))
    assert pictures, path
    return pictures


def paste(picture: Picture, other: Picture, x: int, y: int, size: int) -> Picture:
    """`other`, shrunk to a square of `size`, at (x, y) of a copy of `picture`."""
    out = picture.copy()
    out[y : y + size, x : x + size] = cv2.resize(other, (size, size), interpolation=cv2.INTER_AREA)
    return np.asarray(out, np.uint8)
