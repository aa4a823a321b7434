from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatard.bench.trend import growth


@given(st.floats(-10, 10), st.floats(0, 1000))
def test_a_straight_line_grows_by_its_slope_over_what_is_left_of_it(slope: float, level: float) -> None:
    t = np.linspace(0, 30, 301)
    assert growth(t, level + slope * t) == pytest.approx(slope * 24, abs=1e-6)


def test_filling_caches_at_first_are_no_growth() -> None:
    t = np.linspace(0, 30, 301)
    assert growth(t, np.where(t < 5, 300 + 10 * t, 350.0)) == pytest.approx(0, abs=1e-9)


def test_one_late_sample_does_not_make_a_leak() -> None:
    t = np.linspace(0, 30, 301)
    level = np.full(301, 300.0)
    level[-1] = 400.0
    assert growth(t, level) < 3


@pytest.mark.parametrize("samples", [[], [1.0], [1.0, 2.0]])
def test_too_few_samples_say_nothing(samples: list[float]) -> None:
    assert growth(range(len(samples)), samples) == 0.0
