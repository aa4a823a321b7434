import numpy as np
import pytest

from avatard import canonical
from avatard.face_mesh import INNER_LIPS
from avatard.motion import UNITS
from avatard.speech.lips.shapes import SHAPES, TABLE, Units, units
from avatard.speech.lips.visemes import Viseme
from avatard.spoken import MOUTH

UPPER, LOWER = np.array(INNER_LIPS[1:10]), np.array(INNER_LIPS[:10:-1])


def gaps(shape: Units) -> np.ndarray:
    moved = (shape @ canonical.basis().reshape(len(UNITS), -1)).reshape(478, 3)
    return np.asarray(moved[LOWER, 1] - moved[UPPER, 1])


def width(shape: Units) -> float:
    moved = canonical.neutral() + (shape @ canonical.basis().reshape(len(UNITS), -1)).reshape(478, 3)
    return float(moved[291, 0] - moved[61, 0])


def test_every_viseme_moves_the_mouth_alone_and_within_range() -> None:
    assert set(SHAPES) == set(Viseme)
    assert TABLE.shape == (15, len(UNITS))
    assert not TABLE[:, ~MOUTH].any()
    assert TABLE.min() >= 0
    assert TABLE.max() <= 1
    assert all(0 < shape.dominance <= 1 for shape in SHAPES.values())


@pytest.mark.parametrize("viseme", [Viseme.PP, Viseme.FF])
def test_closures_close_over_the_whole_width(viseme: Viseme) -> None:
    assert gaps(SHAPES[viseme].units).max() < 0


def test_vowels_and_consonants_open_as_they_do() -> None:
    opening = {viseme: gaps(SHAPES[viseme].units)[4] for viseme in Viseme}
    assert opening[Viseme.AA] > opening[Viseme.OH] > opening[Viseme.IH] > opening[Viseme.SS] > 0.02
    assert opening[Viseme.AA] > opening[Viseme.E] > opening[Viseme.DD] > 0.03
    # ten people who talk open by 0.24 eye distances at the widest
    assert opening[Viseme.AA] < 0.28


def test_round_lips_are_narrow_and_spread_ones_wide() -> None:
    assert width(SHAPES[Viseme.OU].units) < width(SHAPES[Viseme.OH].units) < 0.95 * width(units())
    assert width(SHAPES[Viseme.IH].units) > width(units())


def test_a_unit_without_a_side_is_both() -> None:
    both = units(mouthSmile=0.5, jawOpen=0.2)
    assert [name for name, value in zip(UNITS, both, strict=True) if value] == [
        "jawOpen", "mouthSmileLeft", "mouthSmileRight",
    ]  # fmt: skip
    with pytest.raises(KeyError):
        units(mouthSmirk=1.0)
