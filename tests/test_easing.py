import numpy as np
import pytest

from avatard.easing import ease, smoothstep


def test_it_starts_and_ends_at_rest_and_never_turns_back() -> None:
    x = np.linspace(-1, 2, 301)
    y = smoothstep(x)
    assert y[x <= 0].max() == 0
    assert y[x >= 1].min() == 1
    assert (np.diff(y) >= 0).all()
    assert np.abs(np.diff(y, n=2)).max() < 1e-3
    assert [ease(float(v)) for v in x] == pytest.approx(y)
