import numpy as np
import pytest

from avatard.track.one_euro import OneEuro

DT = 1 / 30


def test_the_first_value_passes() -> None:
    value = np.array([3.0, -1.0])
    assert np.array_equal(OneEuro(1.0, 0.0, 1.0)(value, DT), value)


def test_at_rest_it_smooths() -> None:
    noise = np.random.default_rng(0).normal(0, 1, 300)
    smooth = OneEuro(1.0, 0.0, 1.0)
    out = np.array([smooth(np.array([v]), DT)[0] for v in noise])
    assert out[30:].std() < 0.4 * noise.std()


def test_in_motion_it_follows() -> None:
    ramp = np.arange(90) * DT  # one unit a second
    lags = []
    for beta in (0.0, 20.0):
        smooth = OneEuro(1.0, beta, 8.0)
        out = np.array([smooth(np.array([v]), DT)[0] for v in ramp])
        lags.append(ramp[-1] - out[-1])
    assert lags[0] > 0.1  # a low-pass of 1 Hz is 160 ms late
    assert lags[1] < 0.015


def test_a_constant_is_kept_and_reset_forgets() -> None:
    smooth = OneEuro(np.array([1.0, 5.0]), 2.0, 1.0)
    for _ in range(10):
        assert smooth(np.array([2.0, 3.0]), DT) == pytest.approx([2.0, 3.0])
    smooth.reset()
    assert smooth(np.array([9.0, 9.0]), DT) == pytest.approx([9.0, 9.0])
