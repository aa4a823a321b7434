from __future__ import annotations

import cv2
import numpy as np

from avatard.frame import Picture
from benchmarks.reenactment.sharpness import REGIONS, energies, ratio
from tests.benchmarks.reenactment.conftest import SHAPE, Make


def picture() -> Picture:
    return np.random.default_rng(0).integers(0, 256, (*SHAPE, 3), np.uint8)


def test_a_picture_is_as_sharp_as_itself_and_sharper_than_its_blur(face: Make) -> None:
    landmarks, sharp = face().landmarks, picture()
    soft = np.asarray(cv2.GaussianBlur(sharp, (0, 0), 1.0), np.uint8)
    own = energies(sharp, landmarks)
    assert ratio(own, own) == dict.fromkeys(REGIONS, 1.0)
    assert all(value < 0.2 for value in ratio(energies(soft, landmarks), own).values())


def test_only_the_regions_own_pixels_count(face: Make) -> None:
    landmarks, sharp = face().landmarks, picture()
    lower = sharp.copy()
    lower[: SHAPE[0] // 2] = 0
    changed = ratio(energies(lower, landmarks), energies(sharp, landmarks))
    assert changed["eyes"] < 0.05
    assert changed["mouth"] == 1.0
