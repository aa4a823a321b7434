"""Is this picture a portrait that can be brought to life? What was found, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from avatard import face_mesh, geometry

if TYPE_CHECKING:
    from avatard.face import Face
    from avatard.frame import Picture

#: Shorter side of the picture, pixels: below it, 720p is five times enlarged.
MIN_SIDE: Final = 256
#: Height of the face's outline, pixels: below it an eye has fewer than 16 of them across.
MIN_FACE: Final = 128
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
    yaw, pitch, roll = (float(a) for a in np.degrees(geometry.euler(faces[0].pose.rotation)))
    problems += _problems(points, box, yaw, pitch, width, height)
    notes = () if problems else tuple(_notes(points, yaw, pitch))
    return Report(width, height, 1, box, yaw, pitch, roll, tuple(problems), notes)


def _box(points: npt.NDArray[np.float32]) -> tuple[int, int, int, int]:
    outline = points[list(face_mesh.OVAL), :2]
    low, high = outline.min(0), outline.max(0)
    x, y, right, bottom = (round(float(v)) for v in (*low, *high))
    return x, y, right - x, bottom - y


def _problems(
    points: npt.NDArray[np.float32], box: tuple[int, int, int, int], yaw: float, pitch: float, width: int, height: int
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
    if max(_opening(points, face_mesh.RIGHT_EYE), _opening(points, face_mesh.LEFT_EYE)) < SHUT_EYE:
        found.append("the eyes are shut; there is no iris to look with")
    return found


def _notes(points: npt.NDArray[np.float32], yaw: float, pitch: float) -> list[str]:
    found = []
    if max(abs(yaw), abs(pitch)) > GOOD_TURN:
        found.append("the face is turned: a frontal portrait moves better")
    if _opening(points, face_mesh.INNER_LIPS) > OPEN_MOUTH:
        found.append("the mouth is open: the teeth in the picture will not close; closed lips move better")
    return found


def _opening(points: npt.NDArray[np.float32], ring: Sequence[int]) -> float:
    """Mean gap between the two halves of a ring of landmarks, over the distance of its corners.

    `ring`: corner, along the upper edge to the other corner, and back along the lower edge.
    """
    p = points[list(ring), :2]
    half = len(ring) // 2
    upper, lower = p[1:half], p[:half:-1]
    gap = np.linalg.norm(upper - lower, axis=1)
    return float(gap[len(gap) // 4 : -(len(gap) // 4)].mean() / np.linalg.norm(p[half] - p[0]))
