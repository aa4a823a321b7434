from __future__ import annotations

import numpy as np
import pytest

from avatard.face_mesh import LEFT_EYE, OUTER_LIPS, RIGHT_EYE
from benchmarks.reenactment.regions import BAND, REGIONS, background, eye_distance, regions
from tests.benchmarks.reenactment.conftest import EYES, SHAPE, Make


def test_mouth_and_eyes_lie_apart_within_the_face(face: Make) -> None:
    masks = regions(face().landmarks, SHAPE)
    assert set(masks) == set(REGIONS)
    assert masks["whole"].all()
    for name in ("mouth", "eyes"):
        assert masks[name].any()
        assert not (masks[name] & ~masks["face"]).any()
    assert not (masks["mouth"] & masks["eyes"]).any()


@pytest.mark.parametrize(("name", "rings"), [("mouth", (OUTER_LIPS,)), ("eyes", (LEFT_EYE, RIGHT_EYE))])
def test_a_region_is_its_hull_and_a_band_around_it(face: Make, name: str, rings: tuple[tuple[int, ...], ...]) -> None:
    landmarks = face().landmarks
    mask = regions(landmarks, SHAPE)[name]
    ys, xs = np.nonzero(mask)
    points = landmarks[[i for ring in rings for i in ring], :2]
    band = BAND * EYES
    assert ys.min() == pytest.approx(points[:, 1].min() - band, abs=1.5)
    assert ys.max() == pytest.approx(points[:, 1].max() + band, abs=1.5)
    assert xs.min() == pytest.approx(points[:, 0].min() - band, abs=1.5)
    assert xs.max() == pytest.approx(points[:, 0].max() + band, abs=1.5)


def test_a_shut_eyes_region_holds_the_eye_that_should_have_been_shut(face: Make) -> None:
    shut = regions(face(eyeBlinkLeft=1, eyeBlinkRight=1).landmarks, SHAPE)["eyes"]
    open_ = face().landmarks[[*LEFT_EYE, *RIGHT_EYE], :2].round().astype(int)
    assert shut[open_[:, 1], open_[:, 0]].mean() > 0.95


def test_nothing_outside_what_is_valid(face: Make) -> None:
    valid = np.zeros(SHAPE, np.bool_)
    valid[:, : SHAPE[1] // 2] = True
    masks = regions(face().landmarks, SHAPE, valid)
    for name, mask in masks.items():
        assert mask.any(), name
        assert not (mask & ~valid).any(), name


def test_a_face_outside_the_picture_has_empty_regions(face: Make) -> None:
    masks = regions(face().landmarks + 1000, SHAPE)
    assert not masks["mouth"].any()


def test_the_background_keeps_off_the_head(face: Make) -> None:
    landmarks = face().landmarks
    mask = background(landmarks, (480, 640))
    assert mask.any()
    ys, xs = np.nonzero(mask)
    assert ys.max() < landmarks[152, 1]
    middle = landmarks[:468, :2].mean(0)
    assert np.hypot(xs - middle[0], ys - middle[1]).min() > 1.3 * EYES


def test_the_eye_distance(face: Make) -> None:
    landmarks = face().landmarks
    assert eye_distance(landmarks) == pytest.approx(EYES, rel=0.02)
    assert eye_distance(landmarks * 2) == pytest.approx(2 * eye_distance(landmarks))
