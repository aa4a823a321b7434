from __future__ import annotations

import numpy as np
import pytest

from avatard.reenact import teeth
from avatard.reenact.teeth import Painting


@pytest.mark.parametrize("painting", [teeth.upper(), teeth.lower(), teeth.tongue()])
def test_paintings_are_in_range(painting: Painting) -> None:
    assert painting.colour.shape == (*painting.alpha.shape, 3)
    assert 0 <= painting.alpha.min() < painting.alpha.max() <= 1
    assert painting.colour.min() >= 0
    assert painting.colour.max() < 1.1


def _row(painting: Painting, y: float) -> np.ndarray:
    return np.asarray(painting.colour[round((y - painting.top) * teeth.DENSITY)].mean(1))


def test_front_teeth_are_bright_and_back_teeth_dim() -> None:
    row = _row(teeth.upper(), -4.0)
    x = np.arange(len(row)) / teeth.DENSITY + teeth.upper().left
    assert row[np.abs(np.abs(x) - 4.3) < 1].mean() > 0.8
    assert row[np.abs(np.abs(x) - 27) < 1].mean() < 0.6


def test_nothing_hangs_below_the_cutting_edges() -> None:
    painting = teeth.upper()
    below = round((1.2 - painting.top) * teeth.DENSITY)
    assert painting.alpha[below:].max() < 0.05
