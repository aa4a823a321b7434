from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from avatard.avatar import Avatar
from avatard.motion import rest
from avatard.reenact.compose import compose
from avatard.reenact.interior import Interior
from avatard.reenact.likeness import Expression, Likeness, Pose
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


def test_a_raised_tongue_is_seen_below_the_teeth_and_between_them_in_front(drawn: Avatar) -> None:
    scene = compose(drawn, 640, 480)
    likeness = Likeness(scene.landmarks)
    interior, pose = Interior(scene, likeness), Pose(likeness, rest(0))
    lips = pose.place(scene.landmarks[[78, 308, 13]])
    x0, x1, y0 = (int(v) for v in (lips[0, 0], lips[1, 0], lips[2, 1]))
    width, height = x1 - x0, round(0.12 * likeness.scale)
    upper, lower = np.full(width, y0, np.float32), np.full(width, y0 + height, np.float32)
    aperture = Aperture(x0, y0, width, height, upper, lower, np.ones((height, width), np.float32), (x0, x1))
    still = likeness.express(rest(0), 0.0)
    jaw = np.array([0, 0.12, 0], np.float32)

    def inside(tongue: tuple[float, float]) -> np.ndarray:
        return interior.draw(aperture, pose, Expression(still.moved, still.gap, still.eyes, jaw, tongue))

    rests, up, between = (inside(tongue)[:, width // 3 : -width // 3] for tongue in ((0, 0), (1, 0), (1, 1)))
    teeth, gap = slice(0, height // 4), slice(height // 2, None)
    assert np.array_equal(rests, inside((0.0, 0.0))[:, width // 3 : -width // 3])
    assert up[gap].mean() > rests[gap].mean() + 5  # flesh where it was dark
    assert np.abs(up[teeth] - rests[teeth]).max() < 12  # the teeth stand before it
    assert (between[..., 2] - between[..., 0])[gap].mean() >= (up[..., 2] - up[..., 0])[gap].mean()
    assert np.abs(between - up).max() > 10
