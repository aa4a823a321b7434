import numpy as np
import pytest

from avatard.canonical import basis, neutral
from avatard.drive.mirror import mirrored, other_side
from avatard.geometry import rotation_matrix
from avatard.motion import UNIT, UNITS

FLIP = np.array([-1, 1, 1], np.float32)


@pytest.mark.parametrize(
    ("unit", "other"),
    [
        ("eyeBlinkLeft", "eyeBlinkRight"),
        ("jawRight", "jawLeft"),
        ("mouthLeft", "mouthRight"),
        ("jawOpen", "jawOpen"),
        ("gazeLeftY", "gazeRightY"),
        ("mouthUpperUpLeft", "mouthUpperUpRight"),
    ],
)
def test_other_side(unit: str, other: str) -> None:
    assert other_side(unit) == other
    assert other_side(other) == unit


def test_twice_is_once_and_the_face_is_flipped() -> None:
    rng = np.random.default_rng(0)
    units = rng.uniform(0, 1, len(UNITS)).astype(np.float32)
    parts = (
        rng.normal(size=3).astype(np.float32),
        rng.normal(size=3).astype(np.float32),
        units,
        rng.normal(0, 0.01, (478, 3)).astype(np.float32),
    )
    once = mirrored(*parts)
    for a, b in zip(parts, mirrored(*once), strict=True):
        assert np.array_equal(a, b)
    yaw, pitch, roll = parts[0]
    flipped = np.diag(FLIP) @ rotation_matrix(yaw, pitch, roll) @ np.diag(FLIP)
    assert np.allclose(rotation_matrix(*once[0]), flipped, atol=1e-6)


def test_the_displacement_is_the_mirror_image() -> None:
    units = np.zeros(len(UNITS), np.float32)
    units[[UNIT["mouthSmileLeft"], UNIT["gazeLeftX"], UNIT["gazeRightX"], UNIT["browDownRight"]]] = [0.7, 0.5, 0.5, 1]
    zero = np.zeros(3, np.float32)
    shape = neutral() + np.tensordot(units, basis(), 1)
    there = neutral() + np.tensordot(mirrored(zero, zero, units, np.zeros((478, 3), np.float32))[2], basis(), 1)

    def key(points: np.ndarray) -> np.ndarray:
        return np.sort(points[:, 0])

    assert np.allclose(key(there), key(shape * FLIP), atol=1e-4)
