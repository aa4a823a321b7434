from __future__ import annotations

import numpy as np

from avatard import canonical
from avatard.driver_patch import cut_driver_patch
from avatard.face_mesh import INNER_LIPS
from avatard.motion import UNIT


def face(jaw: float) -> np.ndarray:
    points = (canonical.neutral() + jaw * canonical.basis()[UNIT["jawOpen"]]) * 120
    points[:, :2] += (200, 150)
    return np.asarray(points, np.float32)


def test_only_what_lies_between_the_lips_is_cut_out() -> None:
    frame = np.full((400, 400, 3), 200, np.uint8)
    landmarks = face(0.8)
    patch = cut_driver_patch(frame, landmarks, 42)
    assert patch is not None
    assert patch.captured_ns == 42
    assert patch.lips.shape == (20, 2)
    lips = landmarks[list(INNER_LIPS), :2]
    width, height = np.ptp(lips, axis=0)
    assert patch.pixels.shape[0] <= height + 3
    assert patch.pixels.shape[1] <= width + 3
    assert not patch.pixels[0, 0].any(), "the crop's corners are outside the lips: black"
    assert (patch.pixels == 200).any()
    assert np.allclose(patch.skin, 200)


def test_closed_lips_give_no_patch() -> None:
    assert cut_driver_patch(np.full((400, 400, 3), 200, np.uint8), face(0.0), 0) is None


def test_a_mouth_outside_the_frame_gives_no_patch() -> None:
    landmarks = face(0.8)
    landmarks[:, 0] += 900
    assert cut_driver_patch(np.full((400, 400, 3), 200, np.uint8), landmarks, 0) is None


def test_a_mouth_at_the_edge_is_cut_within_the_frame() -> None:
    landmarks = face(0.8)
    landmarks[:, 0] += 180
    patch = cut_driver_patch(np.full((400, 400, 3), 200, np.uint8), landmarks, 0)
    assert patch is not None
    assert patch.pixels.shape[1] < np.ptp(landmarks[list(INNER_LIPS), 0])
