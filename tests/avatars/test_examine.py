from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from avatard import canonical, face_mesh, geometry
from avatard.avatars.examine import examine
from avatard.face import Face, Pose

PICTURE = np.zeros((800, 600, 3), np.uint8)


def face(size: float = 120, yaw: float = 0.0, pitch: float = 0.0, x: float = 300, y: float = 350) -> Face:
    rotation = geometry.rotation_matrix(np.radians(yaw), np.radians(pitch), 0.0)
    points = canonical.neutral() @ rotation.T * size + (x, y, 0.0)
    return Face(points.astype(np.float32), Pose(rotation, np.array([x, y, 0.0]), size), 1.0, 0, 0)


def squeezed(face: Face, *rings: tuple[int, ...], factor: float) -> Face:
    """The face with the openings in `rings` scaled: 0 shuts them."""
    points: npt.NDArray[np.float32] = face.landmarks.copy()
    for ring in rings:
        half = len(ring) // 2
        upper, lower = list(ring[1:half]), list(ring[:half:-1])
        middle = (points[upper] + points[lower]) / 2
        points[upper] = middle + (points[upper] - middle) * factor
        points[lower] = middle + (points[lower] - middle) * factor
    return replace(face, landmarks=points)


def test_a_frontal_portrait_has_no_problems_and_its_box_is_the_face() -> None:
    report = examine(PICTURE, [face()])
    assert (report.problems, report.notes) == ((), ())
    assert (report.width, report.height, report.faces) == (600, 800, 1)
    assert report.box is not None
    x, y, w, h = report.box
    assert 160 < w < 300
    assert 200 < h < 350
    assert abs(x + w / 2 - 300) < 10
    assert y > 150
    assert max(abs(report.yaw), abs(report.pitch), abs(report.roll)) < 0.1


@pytest.mark.parametrize(("faces", "words"), [([], "no face"), ([face(), face()], "2 faces")])
def test_exactly_one_face_is_needed(faces: list[Face], words: str) -> None:
    report = examine(PICTURE, faces)
    assert words in report.problems[0]
    assert report.box is None


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (face(size=40), "pixels high"),
        (face(yaw=30), "turned 30° to the side"),
        (face(yaw=-30), "turned 30° to the side"),
        (face(pitch=30), "30° down"),
        (face(pitch=-30), "30° up"),
        (face(x=30), "cut off"),
        (squeezed(face(), face_mesh.LEFT_EYE, face_mesh.RIGHT_EYE, factor=0.1), "eyes are shut"),
    ],
)
def test_what_cannot_be_used_is_a_problem(one: Face, words: str) -> None:
    assert words in " ".join(examine(PICTURE, [one]).problems)


def test_a_small_picture_is_a_problem() -> None:
    assert "255" in examine(np.zeros((800, 255, 3), np.uint8), [face(size=60, x=128)]).problems[0]


def test_a_wink_is_not_shut_eyes() -> None:
    assert examine(PICTURE, [squeezed(face(), face_mesh.LEFT_EYE, factor=0.1)]).problems == ()


@pytest.mark.parametrize("yaw", [-15, 15])
def test_a_slight_turn_is_a_note(yaw: float) -> None:
    report = examine(PICTURE, [face(yaw=yaw)])
    assert report.problems == ()
    assert "turned" in report.notes[0]
    assert report.yaw == pytest.approx(yaw, abs=0.5)


def test_a_small_face_is_a_note() -> None:
    report = examine(PICTURE, [face(size=60)])
    assert report.problems == ()
    assert "pixels high" in report.notes[0]


def test_an_open_mouth_is_a_note() -> None:
    shut = face()
    points = shut.landmarks.copy()
    ring = face_mesh.INNER_LIPS
    points[list(ring[11:])] += (0, 36, 0)
    report = examine(PICTURE, [replace(shut, landmarks=points)])
    assert report.problems == ()
    assert "mouth is open" in report.notes[0]
