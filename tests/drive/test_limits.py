import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from avatard.drive.limits import soft_limit


@given(st.floats(-1e6, 1e6), st.floats(0.01, 100))
def test_never_beyond(x: float, limit: float) -> None:
    assert abs(soft_limit(np.array([x]), limit)[0]) <= limit


def test_small_movements_pass_unchanged_and_order_is_kept() -> None:
    x = np.linspace(-3, 3, 1001)
    y = soft_limit(x, 1.0)
    assert np.array_equal(y[np.abs(x) < 0.6], x[np.abs(x) < 0.6])
    assert (np.diff(y) >= 0).all()
    assert np.allclose(y, -y[::-1])


def test_it_eases() -> None:
    x = np.linspace(0, 3, 3001)
    slope = np.diff(soft_limit(x, 1.0)) / np.diff(x)
    assert slope.max() <= 1.001
    assert np.abs(np.diff(slope)).max() < 0.01  # no kink


def test_each_has_its_own_limit() -> None:
    assert np.allclose(soft_limit(np.array([9.0, 9.0]), np.array([1.0, 2.0])), [1.0, 2.0], atol=1e-6)
