from __future__ import annotations

import numpy as np
import pytest

from avatard.avatar import Avatar
from avatard.reenact.compose import compose
from avatard.reenact.field import Field
from avatard.reenact.fill import Floats
from avatard.reenact.layer import Layer, upsampled
from avatard.reenact.likeness import Likeness


@pytest.mark.parametrize("step", [3, 8, 11])
@pytest.mark.parametrize("start", [(0, 0), (37, 90)])
def test_upsampling_gives_each_pixel_its_own_place(step: int, start: tuple[int, int]) -> None:
    x = (step - 1) / 2 + step * np.arange(-1, 200 // step + 2, dtype=np.float32)
    grid = np.stack(np.meshgrid(x, x), -1)
    found = upsampled(grid, step, start, (60, 50))
    exact = np.stack(np.meshgrid(np.arange(60) + start[0], np.arange(50) + start[1]), -1)
    assert np.abs(found - exact).max() < 1e-3


def test_a_shifted_layer_leaves_the_plate_behind(drawn: Avatar) -> None:
    scene = compose(drawn, 640, 480)
    field = Field(scene, Likeness(scene.landmarks))
    layer = Layer(scene, field)
    _draw(layer, field.nodes + np.array([1000, 0], np.float32))
    rows, columns = scene.shown
    assert np.abs(layer.canvas[rows, columns].astype(int) - scene.plate[rows, columns]).max() <= 1
    _draw(layer, field.nodes)
    # A texture has no value beside the very sharpest edges of a drawing (`shifted.texture`).
    assert (layer.canvas[rows, columns] != scene.picture[rows, columns]).any(2).mean() < 0.002


def test_bands_may_be_drawn_in_any_order(drawn: Avatar) -> None:
    scene = compose(drawn, 640, 480)
    field = Field(scene, Likeness(scene.landmarks))
    one, other = Layer(scene, field), Layer(scene, field)
    moved = field.nodes + np.array([7.3, -4.2], np.float32)
    _draw(one, moved)
    for job in reversed(other.drawing(moved)):
        job()
    assert np.array_equal(one.canvas, other.canvas)


def _draw(layer: Layer, backward: Floats) -> None:
    for job in layer.drawing(backward):
        job()
