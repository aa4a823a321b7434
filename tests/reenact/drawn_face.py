"""A portrait drawn on the canonical landmarks, in colours that tests can find again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from avatard import canonical
from avatard.avatar import Avatar, Subject
from avatard.face_mesh import INNER_LIPS, LEFT_EYE, LEFT_IRIS, OUTER_LIPS, OVAL, RIGHT_EYE, RIGHT_IRIS
from avatard.motion import Motion

#: Colours of the drawn portrait that nothing else in it has, BGR.
IRIS, SKIN, LIPS, WALL = (230, 40, 20), (150, 170, 210), (90, 80, 190), (120, 110, 100)
#: Eye distance of the drawn portrait, pixels.
EYES = 150.0

Move: TypeAlias = Callable[..., Motion]


def drawn_portrait() -> Avatar:
    """A face drawn on the canonical landmarks: lips closed, eyes open, plain wall."""
    landmarks = (canonical.neutral() * EYES).astype(np.float32)
    landmarks[:, :2] += (384, 330)
    picture = np.full((768, 768, 3), WALL, np.uint8)

    def fill(indices: tuple[int, ...], colour: tuple[int, int, int], grow: float = 1.0) -> None:
        points = landmarks[list(indices), :2]
        points = points.mean(0) + (points - points.mean(0)) * grow
        cv2.fillPoly(picture, [np.rint(points * 16).astype(np.int32)], colour, cv2.LINE_AA, shift=4)

    cv2.ellipse(picture, (384, 900), (330, 300), 0, 0, 360, (60, 90, 60), -1, cv2.LINE_AA)
    cv2.rectangle(picture, (320, 470), (448, 640), SKIN, -1)
    fill(OVAL, (40, 50, 70), 1.25)
    fill(OVAL, SKIN)
    for ring, iris in ((RIGHT_EYE, RIGHT_IRIS), (LEFT_EYE, LEFT_IRIS)):
        fill(ring, (235, 235, 235))
        inside = np.zeros(picture.shape[:2], np.uint8)
        cv2.fillPoly(inside, [np.rint(landmarks[list(ring), :2]).astype(np.int32)], (255,))
        disc = np.zeros_like(inside)
        x, y = np.rint(landmarks[iris[0], :2]).astype(int).tolist()
        cv2.circle(disc, (x, y), round(0.065 * EYES), (255,), -1, cv2.LINE_AA)
        picture[(inside > 0) & (disc > 0)] = IRIS
    fill(OUTER_LIPS, LIPS)
    lips = landmarks[list(INNER_LIPS[:11]), :2]
    cv2.polylines(picture, [np.rint(lips).astype(np.int32)], False, (60, 50, 130), 1, cv2.LINE_AA)
    return Avatar("drawn", picture, landmarks, Subject.STYLISED, "")


def near(picture: npt.NDArray[np.uint8], colour: tuple[int, int, int], reach: int = 60) -> npt.NDArray[np.bool_]:
    """Pixels whose colour is within `reach` in every channel."""
    return np.asarray((np.abs(picture.astype(int) - colour) < reach).all(2))
