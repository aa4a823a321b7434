from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from hypothesis import given, settings

from avatard.avatar import Avatar
from avatard.errors import EngineError
from avatard.face_mesh import INNER_LIPS
from avatard.motion import DriverPatch, Motion, rest
from avatard.reenact.compose import compose
from avatard.reenact.mesh import Mesh
from avatard.reenact.puppet import CLOSING_PICTURES
from avatard.reenact.still import Still
from avatard.sealed import VideoFormat
from tests.reenact.any_motion import MOTIONS
from tests.reenact.drawn_face import IRIS, Move, drawn_portrait, near

FORMAT = VideoFormat(1280, 720)
BOTH_BLINK = {"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0}


@pytest.fixture(scope="module")
def ready(drawn: Avatar) -> Callable[[], Mesh]:
    engine = Mesh(FORMAT)
    engine.set_avatar(drawn)

    def fresh() -> Mesh:
        engine.warm_up()
        return engine

    return fresh


@pytest.fixture(scope="module")
def smiling(astronaut: Avatar) -> Mesh:
    engine = Mesh(FORMAT)
    engine.set_avatar(astronaut)
    return engine


def mouth_box(avatar: Avatar) -> tuple[slice, slice]:
    """Around the mouth of the composed portrait."""
    scene = compose(avatar, FORMAT.width, FORMAT.height)
    points = scene.landmarks[[61, 291, 0, 17], :2] - scene.margin
    (x0, y0), (x1, y1) = points.min(0).astype(int) - 6, points.max(0).astype(int) + 60
    return slice(y0, y1), slice(x0, x1)


@pytest.mark.parametrize("portrait", ["drawn", "astronaut"])
def test_rest_is_the_composed_portrait(portrait: str, request: pytest.FixtureRequest) -> None:
    """To the last bit but beside the very sharpest edges, where a texture has no value (`shifted.texture`)."""
    avatar = request.getfixturevalue(portrait)
    still, mesh = Still(FORMAT), Mesh(FORMAT)
    still.set_avatar(avatar)
    mesh.set_avatar(avatar)
    off = np.abs(mesh.render(rest(0)).astype(int) - still.render(rest(0))).max(2)
    assert (off > 0).mean() < 0.005
    assert (off > 12).mean() < 0.0002


def test_nothing_of_a_motion_stays_behind(smiling: Mesh, move: Move) -> None:
    smiling.warm_up()
    before = smiling.render(rest(0)).copy()
    for motion in (move(25, 15, 30, (0.3, 0.2), jawOpen=1.0), move(-25, -15, -30, (-0.3, -0.2), **BOTH_BLINK)):
        smiling.render(motion)
    for _ in range(CLOSING_PICTURES):
        after = smiling.render(rest(0))
    assert np.array_equal(before, after)


def test_the_background_stands_still(smiling: Mesh, astronaut: Avatar, move: Move) -> None:
    scene = compose(astronaut, FORMAT.width, FORMAT.height)
    still = scene.picture[scene.shown]
    far = np.ones(still.shape[:2], bool)
    rows, columns = np.nonzero(scene.alpha[scene.shown])
    far[max(rows.min() - 60, 0) :, max(columns.min() - 60, 0) : columns.max() + 60] = False
    # Beside the head there is background close by as well: her flag and her rocket.
    far[150:400, :330] = far[150:400, 950:] = True
    moved = smiling.render(move(20, 8, 10, (0.2, 0.1), jawOpen=0.5))
    assert np.array_equal(moved[far], still[far])
    assert not np.array_equal(moved, still)


def test_two_motions_give_two_pictures_and_the_same_gives_the_same(ready: Callable[[], Mesh], move: Move) -> None:
    engine = ready()
    first = engine.render(move(10, jawOpen=0.3)).copy()
    second = engine.render(move(-10, jawOpen=0.1)).copy()
    assert (first != second).any(2).mean() > 0.05
    assert np.array_equal(engine.render(move(10, jawOpen=0.3)), first)
    other = Mesh(FORMAT)
    other.set_avatar(drawn_portrait())
    assert np.array_equal(other.render(move(10, jawOpen=0.3)), first)


def test_closed_lips_show_nothing_between_them(ready: Callable[[], Mesh], drawn: Avatar, move: Move) -> None:
    engine = ready()
    box = mouth_box(drawn)
    closed = engine.render(move(jawOpen=0.6, mouthClose=0.6))[box].copy()
    opened = engine.render(move(jawOpen=0.6))[box].copy()
    # Neither the cavity's dark nor a tooth's white, both of which an open mouth has.
    dark, white = (closed.max(2) < 45).sum(), (closed.min(2) > 165).sum()
    assert (opened.max(2) < 45).sum() > 300
    assert (opened.min(2) > 165).sum() > 30
    # Of 300 and 30: the line between drawn lips is as sharp as a line can be.
    assert dark <= 2
    assert white <= 2


def test_a_toothy_smile_closes_for_a_closed_driver(smiling: Mesh, astronaut: Avatar, move: Move) -> None:
    smiling.warm_up()
    scene = compose(astronaut, FORMAT.width, FORMAT.height)
    lips = scene.landmarks[list(INNER_LIPS), :2] - scene.margin
    inside = np.zeros((FORMAT.height, FORMAT.width), np.uint8)
    cv2.fillPoly(inside, [np.rint(lips).astype(np.int32)], (255,))
    own = smiling.render(rest(0))[inside > 0].copy()
    for _ in range(CLOSING_PICTURES):
        closed = smiling.render(move())[inside > 0].copy()
    # Teeth are as blue as they are red, lips are not.
    white = [np.mean(part[:, 0].astype(int) > 0.8 * part[:, 2]) for part in (own, closed)]
    assert white[0] > 0.4, "her teeth show in the portrait"
    assert white[1] < 0.3 * white[0]


def test_a_full_blink_covers_the_iris(ready: Callable[[], Mesh], move: Move) -> None:
    engine = ready()
    opened = near(engine.render(move()), IRIS).sum()
    assert opened > 150
    assert near(engine.render(move(**BOTH_BLINK)), IRIS).sum() == 0
    one = near(engine.render(move(eyeBlinkLeft=1.0)), IRIS)
    assert 0.4 * opened < one.sum() < 0.6 * opened
    assert np.nonzero(one)[1].mean() < FORMAT.width / 2, "the subject's left eye is on the picture's right"


def test_gaze_moves_the_iris_and_no_lid(ready: Callable[[], Mesh], drawn: Avatar, move: Move) -> None:
    engine = ready()
    scene = compose(drawn, FORMAT.width, FORMAT.height)
    eyes = np.linalg.norm(scene.landmarks[33, :2] - scene.landmarks[263, :2])
    middle = {}
    pictures = {}
    for x in (-1.0, 0.0, 1.0):
        pictures[x] = engine.render(move(gazeLeftX=x, gazeRightX=x)).copy()
        middle[x] = np.nonzero(near(pictures[x], IRIS))[1].mean()
    assert middle[-1.0] + 0.04 * eyes < middle[0.0] < middle[1.0] - 0.04 * eyes
    # Skin two pixels and more above the lids' edge stays as it was.
    for upper in (159, 386):
        x, y = (scene.landmarks[upper, :2] - scene.margin).astype(int)
        lid = slice(y - 12, y - 2), slice(x - 12, x + 12)
        spread = np.abs(pictures[1.0][lid].astype(int) - pictures[0.0][lid])
        assert spread.max() <= 8


def test_a_patch_shows_only_between_open_lips(ready: Callable[[], Mesh], drawn: Avatar, move: Move) -> None:
    engine = ready()
    angle = np.linspace(np.pi, -np.pi, 21)[:-1]
    lips = np.stack([20 + 18 * np.cos(angle), 12 - 10 * np.sin(angle)], -1).astype(np.float32)
    green = np.zeros((24, 40, 3), np.uint8)
    green[:] = (0, 255, 0)
    patch = DriverPatch(green, lips, np.array([150, 170, 210], np.float32), 0)

    def greens(motion: Motion, given: DriverPatch | None) -> np.ndarray:
        picture = engine.render(motion, given).astype(int)
        return np.argwhere((picture[..., 1] > 100) & (picture[..., 0] < 60) & (picture[..., 2] < 60))

    rows, columns = mouth_box(drawn)
    found = greens(move(jawOpen=0.5), patch)
    assert len(found) > 200
    assert found.min(0).tolist() > [rows.start, columns.start]
    assert found.max(0).tolist() < [rows.stop, columns.stop]
    assert len(greens(move(jawOpen=0.5), None)) == 0
    assert len(greens(move(), patch)) == 0


@pytest.fixture(scope="module")
def small(drawn: Avatar) -> Mesh:
    engine = Mesh(VideoFormat(320, 240))
    engine.set_avatar(drawn)
    return engine


@given(MOTIONS)
@settings(max_examples=30, deadline=None)
def test_no_motion_breaks_the_picture(small: Mesh, motion: Motion) -> None:
    with np.errstate(all="raise", under="ignore"):
        picture = small.render(motion)
    assert picture.shape == (240, 320, 3)
    assert picture.dtype == np.uint8
    assert picture.flags.c_contiguous
    assert picture.std() > 10, "the person is still there"


def test_render_without_an_avatar_says_so() -> None:
    with Mesh(FORMAT) as engine:
        with pytest.raises(EngineError, match="no avatar"):
            engine.render(rest(0))
        with pytest.raises(EngineError, match="no avatar"):
            engine.warm_up()
    assert engine.name == "mesh"


def test_a_helper_changes_no_pixel(drawn: Avatar, move: Move) -> None:
    alone, helped = Mesh(FORMAT), Mesh(FORMAT)
    for engine in (alone, helped):
        engine.set_avatar(drawn)
    with helped:
        helped.set_avatar(drawn)
        for turn in range(12):
            motion = move(2.0 * turn, -turn, turn, jawOpen=turn / 12, eyeBlinkLeft=0.5)
            assert np.array_equal(helped.render(motion), alone.render(motion))
