import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatard.canonical import basis
from avatard.drive.fit import DIRECT, FITTED, fit
from avatard.motion import UNIT, UNITS


@pytest.mark.parametrize(
    "name", ["mouthSmileLeft", "mouthPucker", "browInnerUp", "jawLeft", "cheekPuff", "mouthFunnel"]
)
@pytest.mark.parametrize("strength", [0.4, 0.8])
def test_a_single_unit_is_named(name: str, strength: float) -> None:
    units = fit(np.float32(strength) * basis()[UNIT[name]])
    assert UNITS[int(units.argmax())] == name
    assert 0.5 * strength < units[UNIT[name]] <= strength + 0.05


def test_rest_has_no_units_and_direct_ones_are_left_alone() -> None:
    assert not fit(np.zeros((478, 3), np.float32)).any()
    assert not fit(basis()[UNIT["jawOpen"]])[[UNIT[name] for name in DIRECT]].any()
    assert len(FITTED) + len(DIRECT) == 52


@given(st.integers(0, 2**32 - 1), st.floats(0, 100))
def test_units_are_always_0_to_1(seed: int, size: float) -> None:
    wild = np.random.default_rng(seed).normal(0, size, (478, 3)).astype(np.float32)
    units = fit(wild)
    assert np.isfinite(units).all()
    assert units.min() >= 0
    assert units.max() <= 1


def test_two_units_together_explain_most_of_it() -> None:
    both = np.float32(0.6) * (basis()[UNIT["mouthSmileRight"]] + basis()[UNIT["browDownLeft"]])
    left = both - np.tensordot(fit(both), basis(), 1)
    assert np.linalg.norm(left) < 0.3 * np.linalg.norm(both)
