import numpy as np
import pytest

from avatard.drive.easing import Easing

MS = 1_000_000


def test_before_anything_was_shown_the_target_is_shown() -> None:
    ease = Easing()
    ease.begin(np.ones(2, np.float32), 0, 0.3)
    assert (ease(np.ones(2, np.float32), 0) == 1).all()


def test_from_one_target_to_another_without_a_jump_or_a_kink() -> None:
    ease, shown = Easing(), []
    for t in range(0, 600, 5):
        target = np.full(1, 0.0 if t < 100 else 1.0, np.float32)
        if t == 100:
            ease.begin(target, t * MS, 0.3)
        shown.append(float(ease(target, t * MS)[0]))
    assert np.abs(np.diff(shown)).max() < 0.03
    assert np.abs(np.diff(shown, 2)).max() < 0.002
    assert shown[:21] == [0] * 21
    assert shown[80:] == [1] * 40  # exactly there after 0.3 s
    assert shown[50] == pytest.approx(0.5, abs=0.01)


def test_turning_back_half_way_does_not_jump_either() -> None:
    ease, shown = Easing(), []
    for t in range(0, 900, 5):
        target = np.full(1, 1.0 if 100 <= t < 230 else 0.0, np.float32)
        if t in (100, 230):
            ease.begin(target, t * MS, 0.3)
        shown.append(float(ease(target, t * MS)[0]))
    assert np.abs(np.diff(shown)).max() < 0.03
    assert shown[-1] == 0
