"""Is this picture a portrait that can be brought to life? What was found, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from avatard.face_mesh import INNER_LIPS, LEFT_EYE, OVAL, RIGHT_EYE
from avatard.geometry import Points, euler, ring_opening

if TYPE_CHECKING:
    from avatard.face import Face
    from avatard.frame import Picture

#: Shorter side of the picture, pixels: below it, 720p is five times enlarged.
MIN_SIDE: Final = 256
#: Height of the face's outline, pixels: below it an eye has fewer than 12 of them across.
MIN_FACE: Final = 96
#: Height of the face's outline, pixels: at 720p a face is about 400 high, so below this it looks soft.
GOOD_FACE: Final = 200
#: Yaw and pitch, degrees: beyond it an ear hides the far cheek, and there are no pixels to turn it back with.
MAX_TURN: Final = 25.0
#: Yaw and pitch, degrees, that can be seen in the result.
GOOD_TURN: Final = 12.0
#: Height of the eye's opening over its width: open eyes have 0.2–0.4, blinks 0.05.
SHUT_EYE: Final = 0.09
#: Gap of the lips over the mouth's width; teeth that show at rest show all the time.
OPEN_MOUTH: Final = 0.12


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in a portrait.

    box: x, y, width, height of the face's outline in pixels, None when there is no single face.
    yaw, pitch, roll: degrees, signs as in `Motion.rotation`; 0 without a face.
    problems: why it cannot be used; notes: what will not look as good as it could. Sentences for people.
    """

    width: int
    height: int
    faces: int
    box: tuple[int, int, int, int] | None
    yaw: float
    pitch: float
    roll: float
    problems: tuple[str, ...]
    notes: tuple[str, ...]


def examine(picture: Picture, faces: Sequence[Face]) -> Report:
    """Judge a portrait by the faces that were found in it."""
    height, width = picture.shape[:2]
    problems = []
    if min(width, height) < MIN_SIDE:
        problems.append(f"it has {width}x{height} pixels; the shorter side needs {MIN_SIDE}")
    if len(faces) != 1:
        problems.append(
            f"it shows {len(faces)} faces; crop it to one"
            if faces
            else "no face was found; it must be seen from the front"
        )
        return Report(width, height, len(faces), None, 0.0, 0.0, 0.0, tuple(problems), ())
    points = faces[0].landmarks
    box = _box(points)
    upright = points @ faces[0].pose.rotation  # as seen from the front: openings are measured down the face
    yaw, pitch, roll = (float(a) for a in np.degrees(euler(faces[0].pose.rotation)))
    problems += _problems(upright, box, yaw, pitch, width, height)
    notes = () if problems else tuple(_notes(upright, box, yaw, pitch))
    return Report(width, height, 1, box, yaw, pitch, roll, tuple(problems), notes)


def _box(points: npt.NDArray[np.float32]) -> tuple[int, int, int, int]:
    outline = points[list(OVAL), :2]
    low, high = outline.min(0), outline.max(0)
    x, y, right, bottom = (round(float(v)) for v in (*low, *high))
    return x, y, right - x, bottom - y


def _problems(
    upright: Points, box: tuple[int, int, int, int], yaw: float, pitch: float, width: int, height: int
) -> list[str]:
    x, y, w, h = box
    found = []
    if h < MIN_FACE:
        found.append(f"the face is {h} pixels high; it needs {MIN_FACE}")
    if x < 0 or y < 0 or x + w > width or y + h > height:
        found.append("the face is cut off by the picture's edge")
    if abs(yaw) > MAX_TURN:
        found.append(f"the face is turned {abs(yaw):.0f}° to the side; up to {MAX_TURN:.0f}° can be used")
    if abs(pitch) > MAX_TURN:
        found.append(
            f"the face looks {abs(pitch):.0f}° {'down' if pitch > 0 else 'up'}; up to {MAX_TURN:.0f}° can be used"
        )
    if max(ring_opening(upright, RIGHT_EYE), ring_opening(upright, LEFT_EYE)) < SHUT_EYE:
        found.append("the eyes are shut; there is no iris to look with")
    return found


def _notes(upright: Points, box: tuple[int, int, int, int], yaw: float, pitch: float) -> list[str]:
    found = []
    if box[3] < GOOD_FACE:
        found.append(f"the face is {box[3]} pixels high: from {GOOD_FACE} on it looks sharp")
    if max(abs(yaw), abs(pitch)) > GOOD_TURN:
        found.append("the face is turned: a frontal portrait moves better")
    if ring_opening(upright, INNER_LIPS) > OPEN_MOUTH:
        found.append("the mouth is open: a portrait with closed lips moves better")
    return found
