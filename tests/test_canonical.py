"""The canonical head's promises, which tracking, driving and drawing rely on."""

import dataclasses

import numpy as np
import pytest

from avatard import canonical
from avatard.drive.mirror import other_side
from avatard.face_mesh import INNER_LIPS, LEFT_EYE, LEFT_IRIS, OVAL, RIGHT_EYE, RIGHT_IRIS
from avatard.motion import ARKIT, GAZE, TONGUE, UNIT, UNITS, rest

UPPER, LOWER = np.array(INNER_LIPS[1:10]), np.array(INNER_LIPS[:10:-1])


def moved(**units: float) -> np.ndarray:
    return canonical.neutral() + sum(
        (v * canonical.basis()[UNIT[u]] for u, v in units.items()), start=np.zeros((478, 3))
    )


def test_shapes_scale_and_origin() -> None:
    neutral = canonical.neutral()
    assert neutral.shape == (478, 3)
    assert canonical.basis().shape == (len(UNITS), 478, 3)
    assert neutral.dtype == canonical.basis().dtype == np.float32
    assert np.linalg.norm(neutral[33] - neutral[263]) == pytest.approx(1.0, abs=1e-5)
    assert np.allclose(neutral[33] + neutral[263], 0, atol=1e-5)
    assert neutral[263, 0] > 0  # the subject's left eye is on the picture's right
    assert neutral[152, 1] > neutral[10, 1]  # chin below forehead
    assert neutral[4, 2] < neutral[234, 2]  # nose nearer than ears


def test_tables_are_shared_and_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        canonical.neutral()[0] = 1


def test_the_mouth_is_exactly_closed_and_the_eyes_are_open() -> None:
    neutral = canonical.neutral()
    assert np.array_equal(neutral[UPPER], neutral[LOWER])
    for ring in (LEFT_EYE, RIGHT_EYE):
        gap = neutral[list(ring[9:])[::-1], 1] - neutral[list(ring[1:8]), 1]
        assert (gap > 0.02).all()


def test_left_and_right_are_mirrors() -> None:
    other, flip = canonical.mirror(), np.array([-1, 1, 1])
    assert np.array_equal(other[other], np.arange(478))
    assert other[33] == 263
    assert np.allclose(canonical.neutral()[other] * flip, canonical.neutral(), atol=1e-5)
    for name in (*ARKIT, "gazeLeftY", "gazeRightY"):
        there = canonical.basis()[UNIT[other_side(name)]]
        assert np.allclose(there[other] * flip, canonical.basis()[UNIT[name]], atol=1e-4), name
    assert list(other[list(OVAL)]) == list(np.roll(OVAL[::-1], 1))


@pytest.mark.parametrize(("side", "ring"), [("Left", LEFT_EYE), ("Right", RIGHT_EYE)])
def test_a_full_blink_shuts_its_own_eye_only(side: str, ring: tuple[int, ...]) -> None:
    shut = moved(**{f"eyeBlink{side}": 1.0})
    assert np.allclose(shut[list(ring[1:8])], shut[list(ring[9:])[::-1]], atol=1e-5)
    other = RIGHT_EYE if ring is LEFT_EYE else LEFT_EYE
    assert np.abs(shut - canonical.neutral())[list(other)].max() < 0.002


def test_mouth_close_closes_an_open_jaw_exactly() -> None:
    wide = moved(jawOpen=1.0)
    assert (wide[LOWER, 1] - wide[UPPER, 1]).max() > 0.3
    shut = moved(jawOpen=1.0, mouthClose=1.0)
    assert np.allclose(shut[UPPER], shut[LOWER], atol=1e-5)
    assert shut[152, 1] > canonical.neutral()[152, 1] + 0.2  # the jaw stays down


@pytest.mark.parametrize(
    ("unit", "landmark", "axis", "sign"),
    [
        ("mouthSmileLeft", 291, 1, -1),
        ("mouthSmileRight", 61, 1, -1),
        ("mouthFrownLeft", 291, 1, 1),
        ("mouthStretchLeft", 291, 0, 1),
        ("mouthPucker", 291, 0, -1),
        ("mouthLeft", 0, 0, 1),
        ("jawRight", 152, 0, -1),
        ("jawForward", 152, 2, -1),
        ("mouthUpperUpLeft", 267, 1, -1),
        ("mouthLowerDownRight", 84, 1, 1),
        ("browInnerUp", 107, 1, -1),
        ("browDownLeft", 336, 1, 1),
        ("browOuterUpRight", 63, 1, -1),
        ("eyeWideLeft", 386, 1, -1),
        ("eyeSquintRight", 145, 1, -1),
        ("gazeLeftX", 473, 0, 1),
        ("gazeRightX", 468, 0, 1),
        ("gazeRightY", 468, 1, 1),
        ("eyeLookOutLeft", 473, 0, 1),
        ("eyeLookInRight", 468, 0, 1),
        ("eyeLookUpLeft", 473, 1, -1),
    ],
)
def test_units_move_what_they_name(unit: str, landmark: int, axis: int, sign: int) -> None:
    assert sign * canonical.basis()[UNIT[unit], landmark, axis] > 0.008


def test_gaze_moves_irises_alone_and_tongue_nothing() -> None:
    irises = [*LEFT_IRIS, *RIGHT_IRIS]
    for name in GAZE:
        unit = canonical.basis()[UNIT[name]]
        assert set(np.flatnonzero(np.abs(unit).sum(1))) <= set(irises)
    for name in TONGUE:
        assert not canonical.basis()[UNIT[name]].any()


def test_the_tracker_s_slide_keeps_lips_together_and_is_mirrored() -> None:
    slide, other, flip = canonical.slide(), canonical.mirror(), np.array([-1, 1, 1])
    assert slide.shape == (2, 478, 3)
    assert np.allclose(slide[:, UPPER], slide[:, LOWER], atol=1e-6)
    assert np.allclose(slide[0][other] * flip, -slide[0], atol=1e-5)
    assert np.allclose(slide[1][other] * flip, slide[1], atol=1e-5)
    assert slide[1, 152, 1] < -0.1  # nodding down seems to lift the chin


def test_displacement_is_units_and_residual() -> None:
    rng = np.random.default_rng(0)
    units = rng.uniform(0, 1, len(UNITS)).astype(np.float32)
    residual = rng.normal(0, 0.01, (478, 3)).astype(np.float32)
    still = rest(0)
    assert not canonical.displacement(still).any()
    both = dataclasses.replace(still, units=units, residual=residual)
    alone = dataclasses.replace(still, units=units)
    assert np.allclose(canonical.displacement(both) - canonical.displacement(alone), residual, atol=1e-6)
