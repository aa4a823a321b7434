from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avatard.reenact.correction import COARSE, PLANES, apply
from avatard.reenact.patches import FADE, Patch, window

SIZE = (64, 48)
Floats = npt.NDArray[np.float32]


def patch(roll: float = 0.0, scale: float = 1.0, at: tuple[float, float] = (160, 120), mirrored: bool = False) -> Patch:
    """A patch of `SIZE` whose middle lies at `at`, turned by `roll` degrees and `scale` pixels a patch pixel."""
    angle = np.radians(roll)
    across = scale * np.array([np.cos(angle), np.sin(angle)])
    down = np.array([-across[1], across[0]])
    axes = np.column_stack([-across if mirrored else across, down])
    middle = np.array([(SIZE[0] - 1) / 2, (SIZE[1] - 1) / 2])
    return Patch(np.column_stack([axes, np.array(at) - axes @ middle]), SIZE)


def nothing() -> Floats:
    return np.zeros((PLANES, SIZE[1], SIZE[0]), np.float32)


def noise(seed: int = 0) -> npt.NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (240, 320, 3), np.uint8)


def hill() -> npt.NDArray[np.uint8]:
    """A picture with a single bright spot in the middle."""
    canvas = np.zeros((240, 320, 3), np.float32)
    cv2.circle(canvas, (160, 120), 6, (255, 255, 255), -1)
    return np.asarray(cv2.GaussianBlur(canvas, (0, 0), 2), np.uint8)


def centre(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
    weights = picture[..., 0].astype(float)
    y, x = np.mgrid[: weights.shape[0], : weights.shape[1]]
    return np.array([(x * weights).sum() / weights.sum(), (y * weights).sum() / weights.sum()])


@pytest.mark.parametrize("roll", [0.0, 17.0, -40.0])
@pytest.mark.parametrize("at", [(160, 120), (3, 4), (-200, 0)])
def test_no_correction_changes_no_bit(roll: float, at: tuple[float, float]) -> None:
    canvas = noise()
    apply(canvas, patch(roll, 1.3, at), nothing(), window(SIZE), COARSE)
    assert np.array_equal(canvas, noise())


@pytest.mark.parametrize(
    ("roll", "scale", "mirrored"), [(0, 1, False), (25, 1.4, False), (-60, 0.7, False), (12, 2.3, True)]
)
def test_a_displacement_moves_the_picture_in_the_patchs_own_axes(roll: float, scale: float, mirrored: bool) -> None:
    place, canvas, what = patch(roll, scale, mirrored=mirrored), hill(), nothing()
    # Taking from 4 right and 2 below moves the picture 4 left and 2 up, as the patch sees it.
    what[0], what[1] = 4, 2
    apply(canvas, place, what, window(SIZE), COARSE)
    moved = centre(canvas) - centre(hill())
    assert moved == pytest.approx(-(place.matrix[:, :2] @ np.array([4, 2])), abs=0.35)


@pytest.mark.parametrize(("roll", "scale", "mirrored"), [(0, 1, False), (33, 1.6, False), (-20, 0.8, True)])
def test_a_colour_lands_where_it_was_said(roll: float, scale: float, mirrored: bool) -> None:
    place, canvas, what = patch(roll, scale, mirrored=mirrored), np.full((240, 320, 3), 90, np.uint8), nothing()
    what[2:5] = np.array([1.0, 0.5, 0.0])[:, None, None]
    what[5, 20:24, 40:44] = 1
    apply(canvas, place, what, window(SIZE), COARSE)
    wanted = place.matrix @ np.array([41.5, 21.5, 1])
    changed = np.abs(canvas.astype(int) - 90).sum(2)
    rows, columns = np.nonzero(changed > 60)
    assert [columns.mean(), rows.mean()] == pytest.approx(wanted.tolist(), abs=0.6)
    x, y = np.rint(wanted).astype(int)
    assert canvas[y, x].tolist() == pytest.approx([255, 128, 0], abs=3)
    assert len(rows) == pytest.approx(16 * scale**2, rel=0.6, abs=14)


def test_half_a_share_is_half_way() -> None:
    canvas, what = np.full((240, 320, 3), 100, np.uint8), nothing()
    what[2:5], what[5] = 200 / 255, 0.5
    apply(canvas, patch(), what, window(SIZE), COARSE)
    assert canvas[120, 160].tolist() == pytest.approx([150, 150, 150], abs=1)


@pytest.mark.parametrize("roll", [0.0, 30.0])
def test_a_correction_fades_out_towards_the_border(roll: float) -> None:
    place, canvas, what = patch(roll), np.zeros((240, 320, 3), np.uint8), nothing()
    what[2:6] = 1
    apply(canvas, place, what, window(SIZE), COARSE)
    y, x = np.mgrid[:240, :320]
    local = place.local(np.stack([x.ravel(), y.ravel()], -1)).reshape(240, 320, 2)
    edge = np.minimum(local, np.array([SIZE[0] - 1, SIZE[1] - 1]) - local).min(2)
    assert canvas[edge <= 0].max() <= 3
    assert canvas[edge >= FADE].min() >= 253
    # No step anywhere: over ten pixels from nothing to all, no neighbour differs by more than a sixth of it.
    assert np.abs(np.diff(canvas[..., 0].astype(int), axis=0)).max() < 45


def test_a_patch_over_the_pictures_edge_corrects_what_is_inside() -> None:
    canvas, what = np.zeros((240, 320, 3), np.uint8), nothing()
    what[2:6] = 1
    apply(canvas, patch(at=(0, 0)), what, window(SIZE), COARSE)
    assert canvas[0, 0].tolist() == [255, 255, 255]
    assert canvas[60:].max() == 0


def test_a_displacement_alone_changes_no_grey_level() -> None:
    """Every level: what is not painted over is what was there, only elsewhere."""
    levels = np.arange(256, dtype=np.uint8).reshape(16, 16)
    canvas = np.dstack([np.tile(levels, (15, 20))] * 3)
    before, what = canvas.copy(), nothing()
    what[0] = 16  # a whole tile
    flat = np.ones((SIZE[1], SIZE[0]), np.float32)
    apply(canvas, patch(at=(159.5, 119.5)), what, flat, COARSE)
    assert np.array_equal(canvas[100:140, 135:180], before[100:140, 135:180])
    assert len(np.unique(canvas[100:140, 135:180])) == 256


@given(st.integers(0, 99), st.floats(-200, 500), st.floats(-180, 180), st.floats(0.01, 20), st.floats(0.1, 255))
@settings(max_examples=60, deadline=None)
def test_no_correction_breaks_the_picture(seed: int, at: float, roll: float, scale: float, size: float) -> None:
    """Whatever `Corrector` lets through, wherever the patch lies."""
    canvas, place = noise(), patch(roll, scale, (at, 0.7 * at))
    what = np.random.default_rng(seed).uniform(-size, size, nothing().shape).astype(np.float32)
    with np.errstate(all="raise", under="ignore"):
        apply(canvas, place, what, window(SIZE), COARSE)
    x, y = np.meshgrid(np.arange(320), np.arange(240))
    local = place.local(np.stack([x.ravel(), y.ravel()], -1))
    outside = (np.minimum(local, np.array([SIZE[0] - 1, SIZE[1] - 1]) - local).min(1) < -1.5).reshape(240, 320)
    assert np.array_equal(canvas[outside], noise()[outside])


def test_what_is_not_said_of_a_part_leaves_that_part_alone() -> None:
    canvas, what = noise(), nothing()
    what[0, 12:36, 12:24], what[5, 12:36, 12:24], what[2:5] = 3, 0.7, 0.2
    apply(canvas, patch(), what, window(SIZE), COARSE)
    left, right = slice(130, 152), slice(156, 190)
    assert (canvas[110:130, left] != noise()[110:130, left]).any()
    assert np.array_equal(canvas[:, right], noise()[:, right])


def test_detail_stays_under_a_colour_where_it_is_kept() -> None:
    canvas, what = noise(), nothing()
    what[2:5], what[5] = 0.5, 1
    flat, fine = canvas.copy(), canvas.copy()
    apply(flat, patch(), what, window(SIZE), COARSE)
    what[6] = 1
    apply(fine, patch(), what, window(SIZE), COARSE)
    middle = np.s_[110:130, 150:170]
    assert flat[middle].std() < 1
    assert fine[middle].std() > 0.8 * np.clip(canvas[middle].astype(float), 0, 255).std()
    assert abs(float(fine[middle].mean()) - 127.5) < 12
