from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatard.bench.soak import growth, soak
from avatard.bench.window import Moment


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


def test_a_leak_of_a_megabyte_a_minute_is_found_and_its_course_told() -> None:
    moments = [Moment(s, 400.0, 300 + s / 60, 15.0) for s in np.arange(0, 600, 0.5)]
    found = soak(moments)
    assert found.growth_mb == pytest.approx(8.0, abs=0.05)
    assert found.age_drift_ms == pytest.approx(0.0, abs=1e-9)
    assert [minute for minute, _, _ in found.minutes] == list(range(10))


def test_moments_without_a_picture_tell_nothing() -> None:
    moments = [
        Moment(0.0, 900.0, 900.0, float("nan")),
        *(Moment(s, 400.0, 300.0, 15.0) for s in np.arange(0.5, 60, 0.5)),
    ]
    assert soak(moments).minutes == [(0.0, 300.0, 15.0)]
