import numpy as np
import pytest

from avatard.canonical import basis, neutral
from avatard.drive.regions import AT, MEASURES, masks, measure, rest
from avatard.face_mesh import LEFT_EYE, OUTER_LIPS, RIGHT_EYE
from avatard.geometry import ring_opening
from avatard.motion import UNIT


def moved(unit: str, value: float = 1.0) -> np.ndarray:
    return measure(neutral() + np.float32(value) * basis()[UNIT[unit]]) - rest()


def test_the_canonical_head_at_rest() -> None:
    assert rest().shape == (len(MEASURES),)
    assert rest()[AT["gap"]] == pytest.approx(0, abs=1e-6)
    assert rest()[AT["lidLeft"]] == pytest.approx(ring_opening(neutral(), LEFT_EYE), rel=0.1)
    assert rest()[AT["lidRight"]] == pytest.approx(ring_opening(neutral(), RIGHT_EYE), rel=0.1)
    for name in ("lift", "lid", "brow"):
        assert rest()[AT[f"{name}Left"]] == pytest.approx(rest()[AT[f"{name}Right"]], abs=1e-4)


@pytest.mark.parametrize(
    ("unit", "measured", "sign"),
    [
        ("jawOpen", "gap", 1),
        ("jawOpen", "chin", 1),
        ("mouthStretchLeft", "width", 1),
        ("mouthPucker", "width", -1),
        ("mouthSmileLeft", "liftLeft", 1),
        ("mouthFrownRight", "liftRight", -1),
        ("eyeBlinkLeft", "lidLeft", -1),
        ("eyeWideRight", "lidRight", 1),
        ("browDownRight", "browRight", -1),
        ("browOuterUpLeft", "browLeft", 1),
        ("gazeLeftX", "irisLeftX", 1),
        ("gazeRightY", "irisRightY", 1),
    ],
)
def test_units_show_in_their_measure(unit: str, measured: str, sign: int) -> None:
    assert sign * moved(unit)[AT[measured]] > 0.01


def test_sides_do_not_mix() -> None:
    assert abs(moved("eyeBlinkLeft")[AT["lidRight"]]) < 1e-3
    assert abs(moved("browDownLeft")[AT["browRight"]]) < 5e-3


def test_masks_are_smooth_weights() -> None:
    for mask in masks():
        assert mask.shape == (478,)
        assert mask.min() >= 0
        assert mask.max() <= 1
    region = masks()
    assert (region.mouth[list(OUTER_LIPS)] > 0.9).all()
    assert (region.mouth[list(LEFT_EYE)] < 0.01).all()
    assert (region.brows[[70, 63, 105]] > 0.5).all()
    assert (region.trust[list(OUTER_LIPS)] > 0.9).all()


def test_a_face_in_one_point_measures_finitely() -> None:
    assert np.isfinite(measure(np.zeros((478, 3), np.float32))).all()
