from __future__ import annotations

import cv2
import numpy as np
import pytest

from avatard.avatar import Avatar
from benchmarks.reenactment import identity
from benchmarks.reenactment.stage import portrait
from tests.benchmarks.reenactment.conftest import Make


def test_without_a_recogniser_nothing_is_claimed(face: Make) -> None:
    picture = np.zeros((10, 10, 3), np.uint8)
    assert identity.cosines(None, [picture], [face()]) == []
    assert np.isnan(identity.strangers([None, None]))


def test_what_a_stranger_would_get() -> None:
    people = [np.array([1.0, 0.0]), np.array([0.0, 1.0]), None, np.array([0.6, 0.8])]
    assert identity.strangers(people) == pytest.approx((0 + 0.6 + 0.8) / 3)


@pytest.mark.skipif(not identity.available(), reason=identity.MISSING)
def test_a_darker_picture_is_the_same_person_and_somebody_else_is_not() -> None:
    mira, ren = shipped("mira"), shipped("ren")
    who = identity.descriptor(mira.pixels, mira.landmarks)
    darker = np.asarray(cv2.convertScaleAbs(mira.pixels, alpha=0.8), np.uint8)
    assert identity.descriptor(darker, mira.landmarks) @ who > 0.98
    assert identity.descriptor(ren.pixels, ren.landmarks) @ who < 0.95


def shipped(name: str) -> Avatar:
    from importlib.resources import files

    from avatard.picture_file import decode_picture

    return portrait(name, decode_picture((files("avatard.assets") / "avatars" / f"{name}.jpg").read_bytes()))
