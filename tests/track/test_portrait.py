from pathlib import Path

import cv2
import numpy as np
import pytest

from avatard.frame import Picture
from avatard.geometry import euler
from avatard.track.portrait import eye_openings, find_faces
from tests.track.track_scenes import BLANK, head, paste


def test_one_face(astronaut: Picture) -> None:
    (face,) = find_faces(astronaut)
    assert 50 < face.pose.scale < 65
    assert min(eye_openings(face)) > 0.12


def test_no_face() -> None:
    assert find_faces(BLANK) == []


def test_a_face_that_fills_the_picture(astronaut: Picture) -> None:
    tight = np.ascontiguousarray(astronaut[50:170, 165:285])
    (face,) = find_faces(np.asarray(cv2.resize(tight, (480, 480)), np.uint8))
    assert face.pose.scale > 180


def test_a_small_face_in_a_large_picture(astronaut: Picture) -> None:
    large = np.full((1200, 1600, 3), 90, np.uint8)
    (face,) = find_faces(paste(large, astronaut[0:256, 96:352], 900, 500, 200))
    assert np.allclose(face.pose.translation[:2], [1000, 580], atol=25)


def test_two_faces_are_two_largest_first(astronaut: Picture) -> None:
    portrait = astronaut[0:256, 96:352]
    both = paste(paste(np.full((480, 720, 3), 90, np.uint8), portrait, 20, 120, 250), portrait, 380, 60, 320)
    first, second = find_faces(both)
    assert first.pose.scale > second.pose.scale
    assert first.pose.translation[0] > second.pose.translation[0]


def test_eye_openings_tell_left_from_right() -> None:
    left, right = eye_openings(head(yaw=0.3, eyeBlinkLeft=1.0))
    assert left < 0.05
    assert right > 0.2


@pytest.mark.shared
def test_all_portraits_have_one_face_with_open_eyes(shared: Path) -> None:
    portraits = sorted((shared / "portraits").glob("*.jpg"))
    assert len(portraits) == 22
    for path in portraits:
        (face,) = find_faces(np.asarray(cv2.imread(str(path)), np.uint8))
        assert np.degrees(np.abs(euler(face.pose.rotation))).max() < 25, path.name
        assert min(eye_openings(face)) > 0.1, path.name
        assert face.pose.scale > 150, path.name
