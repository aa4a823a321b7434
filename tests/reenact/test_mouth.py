from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from avatard.avatar import Avatar
from avatard.reenact.compose import compose
from avatard.reenact.interior import Interior
from avatard.reenact.likeness import Likeness
from avatard.reenact.mouth import Aperture


def opened(gap: float) -> Aperture:
    """40 columns of which the middle 20 are open by `gap` pixels."""
    upper = np.full(40, 10.0, np.float32)
    lower = upper.copy()
    lower[10:30] += gap
    y = np.arange(30, dtype=np.float32)[:, None]
    share = np.clip(np.minimum(y + 0.5, lower) - np.maximum(y - 0.5, upper), 0, 1).astype(np.float32)
    return Aperture(5, 7, 40, 30, upper, lower, share, (15.0, 35.0))


def test_touching_lips_have_no_opening() -> None:
    assert opened(0.0).opening() is None


@pytest.mark.parametrize("gap", [0.3, 1.0, 12.0])
def test_an_opening_is_as_large_as_the_gap(gap: float) -> None:
    part = opened(gap).opening()
    assert part is not None
    assert (part.left, part.width) == (15, 20)
    assert part.share.sum() == pytest.approx(20 * gap, rel=1e-3)


def test_teeth_take_on_the_portraits_light(drawn: Avatar) -> None:
    bright = []
    for dim in (1.0, 0.5):
        scene = compose(replace(drawn, pixels=(drawn.pixels * dim).astype(np.uint8)), 640, 480)
        interior = Interior(scene, Likeness(scene.landmarks))
        bright.append(interior.skin.mean())
    assert bright[1] == pytest.approx(0.5 * bright[0], rel=0.1)
