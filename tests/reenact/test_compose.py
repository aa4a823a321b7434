from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from avatard.avatar import Avatar
from avatard.avatars import open_store
from avatard.reenact.compose import compose

SIZES = [(1280, 720), (640, 480), (1920, 1080), (480, 480), (360, 640), (320, 180)]


@pytest.mark.parametrize("size", SIZES)
def test_every_size_has_its_shape_and_a_head_clear_of_the_badge(size: tuple[int, int], astronaut: Avatar) -> None:
    width, height = size
    scene = compose(astronaut, width, height)
    assert scene.picture[scene.shown].shape == (height, width, 3)
    left, top, right, bottom = np.array(scene.head) - scene.margin
    assert top > 0.125 * min(size), "hair must start below the badge"
    assert 0 < left < right < width
    assert top < bottom < height
    points = scene.landmarks[:, :2] - scene.margin
    assert (points > 0).all()
    assert (points < size).all()


def test_the_layers_add_up_to_the_picture(astronaut: Avatar) -> None:
    scene = compose(astronaut, 640, 480)
    thin = scene.alpha < 255
    assert np.array_equal(scene.plate[thin], scene.picture[thin])
    assert (scene.alpha == 0).any()
    assert (scene.alpha == 255).any()
    # Her face is in the picture and not in the plate behind her.
    x, y = scene.landmarks[4, :2].astype(int)
    assert np.abs(scene.plate[y, x].astype(int) - scene.picture[y, x]).max() > 20


def test_composing_repeats_exactly(drawn: Avatar) -> None:
    assert np.array_equal(compose(drawn, 640, 480).picture, compose(drawn, 640, 480).picture)


def _on_a_rough_wall(avatar: Avatar) -> Avatar:
    """The drawn portrait before a wall with much fine detail, by which a mirrored or stretched edge would be known."""
    rough = cv2.GaussianBlur(np.random.default_rng(3).normal(0, 90, avatar.pixels.shape), (0, 0), 2)
    wall = (np.abs(avatar.pixels.astype(int) - avatar.pixels[5, 5]) < 2).all(2)
    pixels = np.where(wall[..., None], np.clip(avatar.pixels + 4 * rough, 0, 255), avatar.pixels).astype(np.uint8)
    return replace(avatar, pixels=pixels)


def _fine(strip: np.ndarray) -> np.ndarray:
    grey = strip.mean(2)
    fine = grey - cv2.GaussianBlur(grey, (0, 0), 6)
    return np.asarray((fine - fine.mean()).ravel())


def test_the_extended_background_is_neither_mirrored_nor_stretched(drawn: Avatar) -> None:
    scene = compose(_on_a_rough_wall(drawn), 1280, 720)
    picture = scene.picture[scene.shown].astype(np.float32)
    busy = np.array([_fine(picture[40:300, x : x + 8]).std() for x in range(0, 1280, 8)])
    assert busy.max() > 15, "the wall's own detail is in the picture"
    inside = np.flatnonzero(busy > 0.3 * busy.max()) * 8
    edge = int(inside[0])
    assert edge > 100
    own, beyond = picture[40:300, edge : edge + 40], picture[40:300, edge - 40 : edge]
    for guess in (own[:, ::-1], np.repeat(own[:, :1], 40, 1)):
        assert abs(np.corrcoef(_fine(guess), _fine(beyond))[0, 1]) < 0.35
    # No seam: columns follow each other beyond the edge no faster than within the portrait.
    steps = np.abs(np.diff(cv2.GaussianBlur(picture, (0, 0), 2), axis=1)).mean((0, 2))
    assert steps[: edge + 40].max() < 1.5 * steps[edge:640].max()


def test_a_portrait_without_any_background_still_composes(drawn: Avatar) -> None:
    low, high = drawn.landmarks[:, :2].min(0).astype(int), drawn.landmarks[:, :2].max(0).astype(int)
    crop = np.ascontiguousarray(drawn.pixels[low[1] : high[1], low[0] : high[0]])
    landmarks = drawn.landmarks.copy()
    landmarks[:, :2] -= low
    scene = compose(replace(drawn, pixels=crop, landmarks=landmarks), 640, 480)
    assert scene.picture.std() > 5


@pytest.mark.parametrize("size", [(640, 360), (360, 360)])
def test_no_shipped_avatar_reaches_into_the_badge(
    size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    width, height = size
    k = min(size) / 720
    store = open_store()
    for entry in store.list().entries:
        scene = compose(store.load(entry.name), width, height)
        shown = scene.matte[scene.shown]
        # The badge's place at 720p: y 24-90, at most 389 wide, in the middle.
        badge = shown[: round(90 * k) + 1, round(width / 2 - 195 * k) : round(width / 2 + 195 * k)]
        assert badge.max() < 0.1, f"{entry.name}'s hair is under the badge"
        assert shown[-1].max() > 0.9, f"{entry.name}'s shoulders do not reach the lower edge"
