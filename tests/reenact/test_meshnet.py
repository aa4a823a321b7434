from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings

from avatard.avatar import Avatar
from avatard.errors import EngineError
from avatard.frame import Picture
from avatard.motion import DriverPatch, Motion, rest
from avatard.reenact import NetworkState
from avatard.reenact.fake_session import FakeSession, NanSession, RaisingSession, fake_networks
from avatard.reenact.mesh import Mesh
from avatard.reenact.meshnet import RISE_PICTURES, MeshNet
from avatard.reenact.networks import Networks
from avatard.reenact.patches import DENSITY, MOUTH_AT
from avatard.reenact.puppet import Puppet
from avatard.sealed import VideoFormat
from tests.reenact.any_motion import MOTIONS
from tests.reenact.drawn_face import Move

FORMAT = VideoFormat(640, 360)
Make = Callable[..., MeshNet]


@pytest.fixture
def make(drawn: Avatar, tmp_path: Path) -> Make:
    """make(session, avatar=..., format=...): an entered engine with that session, its avatar set and warm."""

    def engine(session: FakeSession, avatar: Avatar = drawn, format: VideoFormat = FORMAT) -> MeshNet:  # noqa: A002
        made = MeshNet(format, lambda: fake_networks(session, tmp_path)).__enter__()
        made.set_avatar(avatar)
        made.warm_up()
        return made

    return engine


@pytest.fixture(scope="module")
def mesh(drawn: Avatar) -> Callable[[], Mesh]:
    engine = Mesh(FORMAT)
    engine.set_avatar(drawn)

    def fresh() -> Mesh:
        engine.warm_up()
        return engine

    return fresh


def painting() -> FakeSession:
    """Paints each patch green, which no portrait here is."""
    return FakeSession(colour=(0.0, 1.0, 0.0), share=1.0)


def greens(picture: Picture) -> npt.NDArray[np.bool_]:
    return np.asarray((picture[..., 1] > 150) & (picture[..., ::2].max(2) < 90))


@pytest.mark.parametrize(("portrait", "size"), [("drawn", (640, 360)), ("astronaut", (1280, 720))])
def test_no_correction_is_mesh_to_the_last_bit(
    portrait: str, size: tuple[int, int], make: Make, move: Move, request: pytest.FixtureRequest
) -> None:
    avatar, size_format = request.getfixturevalue(portrait), VideoFormat(*size)
    geometry = Mesh(size_format)
    geometry.set_avatar(avatar)
    geometry.warm_up()
    session = FakeSession()
    engine = make(session, avatar, size_format)
    motions = [
        rest(0),
        move(12, -6, 25, (0.2, 0.1), jawOpen=0.6),
        move(-24, 15, -30, (-0.4, 0.2), jawOpen=0.2, mouthSmileLeft=1.0, gazeLeftX=0.6, gazeRightX=0.6),
        move(eyeBlinkLeft=1.0, eyeBlinkRight=0.4, mouthPucker=0.8),
    ]
    for motion in motions:
        assert np.array_equal(engine.render(motion), geometry.render(motion))
        assert engine.network is NetworkState.ON
    assert session.runs == 1 + len(motions)


@pytest.mark.parametrize(
    ("size", "turn"), [((640, 360), (0, 0, 0)), ((640, 360), (15, 5, 28)), ((960, 720), (-10, -8, -30))]
)
def test_a_colour_lands_on_mouth_and_eyes(
    size: tuple[int, int], turn: tuple[float, float, float], make: Make, drawn: Avatar, move: Move
) -> None:
    size_format, motion = VideoFormat(*size), move(*turn, (0.1, -0.05), jawOpen=0.3)
    session = painting()
    for array in session.outputs.values():
        array[:, 5] = 0
    session.outputs["mouth_out"][0, 5, round(MOUTH_AT[1]) - 1 : round(MOUTH_AT[1]) + 2, 62:66] = 1
    session.outputs["eyes_out"][:, 5, 31:36, 29:34] = 1
    picture = make(session, drawn, size_format).render(motion)
    rows, columns = np.nonzero(greens(picture))
    spots = np.stack([columns, rows], -1)
    puppet = Puppet(drawn, *size)
    pose = puppet.draw(motion).pose
    still = puppet.scene.landmarks
    anchors = [still[[78, 308]].mean(0), still[[33, 133]].mean(0), still[[362, 263]].mean(0)]
    wanted = pose.place(np.stack(anchors)) - puppet.scene.margin
    away = np.linalg.norm(spots[:, None] - wanted[None], axis=2)
    unit = puppet.likeness.scale / DENSITY
    assert [(away.argmin(1) == i).sum() > 4 * unit**2 for i in range(3)] == [True] * 3
    assert away.min(1).max() < 6 * unit + 1


def test_the_left_eye_is_mirrored(make: Make, move: Move) -> None:
    session = painting()
    for array in session.outputs.values():
        array[:, 5] = 0
    session.outputs["eyes_out"][:, 5, 30:36, 44:52] = 1  # beside the eyes, on the patches' right
    picture = make(session).render(move())
    columns = np.nonzero(greens(picture).any(0))[0]
    middle = FORMAT.width / 2
    # The right eye's patch is as the viewer sees it: towards the nose; the left one's right is towards the nose too.
    right, left = columns[columns < middle], columns[columns > middle]
    assert len(right)
    assert len(left)
    assert middle - right.mean() == pytest.approx(left.mean() - middle, abs=4)
    assert left.mean() - right.mean() < 0.35 * FORMAT.height


def test_what_the_network_is_given(make: Make, drawn: Avatar, move: Move) -> None:
    session = FakeSession()
    engine = make(session)
    engine.render(move(gazeLeftX=0.5, gazeRightX=0.5, jawOpen=0.5))
    assert {name: a.shape for name, a in session.fed.items()} == {
        "mouth": (1, 9, 96, 128), "eyes": (2, 4, 64, 64), "mouth_code": (1, 74), "eye_code": (2, 12),
    }  # fmt: skip
    assert all(a.dtype == np.float32 and a.flags.c_contiguous for a in session.fed.values())
    mouth, eyes = session.fed["mouth"][0], session.fed["eyes"]
    assert 0 <= mouth[:3].min() < mouth[:3].max() <= 1
    skin = mouth[:3, 5, 5]
    assert skin == pytest.approx(np.array([150, 170, 210]) / 255, abs=0.1), "blue, green, red"
    assert mouth[3].max() == 1, "the opening"
    # A drawn face is symmetric: the mirrored left eye looks like the right one, but for the gaze.
    assert np.abs(eyes[0, 3] - eyes[1, 3]).mean() < 0.03
    assert session.fed["eye_code"][0, 2] == pytest.approx(-session.fed["eye_code"][1, 2], rel=0.2)
    assert session.fed["eye_code"][0, 2] > 0.1
    assert session.held.keys() == {"mouth_ref", "eyes_ref"}


def test_the_drivers_own_mouth_is_not_corrected(make: Make, move: Move) -> None:
    angle = np.linspace(np.pi, -np.pi, 21)[:-1]
    lips = np.stack([20 + 18 * np.cos(angle), 12 - 10 * np.sin(angle)], -1).astype(np.float32)
    patch = DriverPatch(np.full((24, 40, 3), 90, np.uint8), lips, np.array([150, 170, 210], np.float32))
    engine, motion = make(painting()), move(jawOpen=0.4)
    low = slice(int(0.5 * FORMAT.height), None)
    assert greens(engine.render(motion))[low].sum() > 500
    with_own = greens(engine.render(motion, patch))
    assert with_own[low].sum() == 0
    assert with_own.sum() > 500, "the eyes are corrected"


def test_detail_goes_down_at_once_and_comes_back_softly(make: Make, mesh: Callable[[], Mesh], move: Move) -> None:
    session = FakeSession(colour=(0, 0, 0), share=1.0)
    engine, motion = make(session), move(jawOpen=0.2)
    plain = mesh().render(motion).astype(int)

    def changed(detail: float) -> float:
        return float(np.abs(engine.render(motion, None, detail).astype(int) - plain).mean())

    whole = changed(1.0)
    assert whole > 1
    assert changed(0.5) == pytest.approx(whole / 2, rel=0.02)
    runs = session.runs
    assert changed(0.0) == 0
    assert engine.network is NetworkState.OFF
    assert session.runs == runs, "at no detail the network does not run"
    back = [changed(1.0) for _ in range(RISE_PICTURES)]
    assert back == pytest.approx([whole * (i + 1) / RISE_PICTURES for i in range(RISE_PICTURES)], rel=0.02)


def test_a_still_driver_sees_a_still_picture(make: Make, move: Move) -> None:
    engine, motion = make(FakeSession(move=(1.5, -0.7), colour=(0.3, 0.3, 0.6), share=0.4)), move(7, 2, 4, jawOpen=0.3)
    first = engine.render(motion).copy()
    assert all(np.array_equal(engine.render(motion), first) for _ in range(3))


def test_a_correction_goes_with_the_head_and_does_not_shimmer(make: Make, mesh: Callable[[], Mesh], move: Move) -> None:
    """A tracker's noise (a hundredth of a degree and of a pixel) moves what is corrected no more than what is not."""
    random = np.random.default_rng(3)
    motions: list[Motion] = []
    for _ in range(12):
        yaw, pitch, roll = random.normal(0, 0.02, 3)
        motions.append(move(5 + yaw, pitch, 3 + roll, tuple(random.normal(0, 2e-4, 2)), jawOpen=0.25))

    def flicker(engine: MeshNet | Mesh) -> float:
        pictures = np.stack([engine.render(motion).astype(np.int16) for motion in motions])
        return float(np.abs(np.diff(pictures, 2, axis=0)).mean())

    session = FakeSession(move=(1.5, -0.7))
    ramp = np.linspace(0, 1, 128, dtype=np.float32)
    session.outputs["mouth_out"][0, 2:5], session.outputs["mouth_out"][0, 5] = ramp, 0.5 * ramp[::-1]
    assert flicker(make(session)) < 1.1 * flicker(mesh())


def test_a_mouth_that_trembles_is_steadied_and_one_that_moves_is_not_late(make: Make, move: Move) -> None:
    session = painting()
    engine = make(session)
    mouth, motion = session.outputs["mouth_out"], move()

    def said(red: float) -> Picture:
        mouth[:, 4] = red
        return np.array(engine.render(motion))

    first, trembled, moved = said(0.0), said(0.02), said(0.8)
    at = greens(first)
    assert np.abs(trembled.astype(int) - first).max() <= 2  # of the 5 grey levels that were said
    assert moved[at][:, 2].max() == pytest.approx(0.8 * 255, abs=2)


def test_a_mouth_that_was_not_corrected_for_a_while_is_not_remembered(make: Make, move: Move) -> None:
    session = painting()
    engine, fresh, motion = make(session), make(painting()), move()
    engine.render(motion)
    engine.render(motion, detail=0)
    session.outputs["mouth_out"][:, 4] = 0.02
    for _ in range(RISE_PICTURES + 1):
        found = engine.render(motion).copy()
    at = greens(fresh.render(motion))
    assert np.percentile(found[at][:, 2], 40) >= 4  # 5 at the mouth; the eyes have none


@pytest.mark.parametrize("session", [
    RaisingSession(1, 1),
    RaisingSession(1, 1, MemoryError()),
    RaisingSession(1, 1, RuntimeError("CUDA error: out of memory")),
    NanSession(),
    NanSession("mouth_out", float("inf")),
])  # fmt: skip
def test_a_failing_network_gives_mesh_and_rests(
    session: FakeSession,
    make: Make,
    mesh: Callable[[], Mesh],
    move: Move,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("avatard.reenact.corrector.FIRST_S", 60.0)
    motion = move(jawOpen=0.3)
    engine, plain = make(session), mesh().render(motion)
    runs = session.runs
    for _ in range(4):
        assert np.array_equal(engine.render(motion), plain), "never half corrected"
        assert engine.network is NetworkState.FAILING
    assert session.runs <= runs + 1, "it rests"
    assert "next try" in caplog.text


def test_without_a_network_it_is_mesh_and_says_so(
    drawn: Avatar, mesh: Callable[[], Mesh], move: Move, caplog: pytest.LogCaptureFixture
) -> None:
    def missing() -> Networks:
        raise EngineError("the network is truncated", "Install avatard again.")

    with MeshNet(FORMAT, missing) as engine:
        engine.set_avatar(drawn)
        engine.warm_up()
        picture = engine.render(move(9, jawOpen=0.3))
    assert (engine.name, engine.network) == ("mesh", NetworkState.NONE)
    assert np.array_equal(picture, mesh().render(move(9, jawOpen=0.3)))
    assert "the network is truncated. Install avatard again." in caplog.text


def test_a_portrait_that_the_encoder_refuses_is_drawn_by_mesh(
    drawn: Avatar, tmp_path: Path, move: Move, caplog: pytest.LogCaptureFixture
) -> None:
    networks = replace(fake_networks(painting(), tmp_path), encoder=lambda: RaisingSession(0, 1))
    with MeshNet(FORMAT, lambda: networks) as engine:
        engine.set_avatar(drawn)
        assert not greens(engine.render(move())).any()
        assert engine.name == "mesh"
    assert "cannot use this portrait" in caplog.text


def test_leaving_closes_the_session_and_another_portrait_is_held(make: Make, astronaut: Avatar) -> None:
    session = FakeSession()
    engine = make(session)
    first = session.held["mouth_ref"].copy()
    engine.set_avatar(astronaut)
    assert (session.held["mouth_ref"] != first).any()
    before = session.open
    engine.__exit__(None, None, None)
    assert (before, session.open) == (True, False)
    with pytest.raises(EngineError, match="no avatar"):
        engine.render(rest(0))


def test_the_name_follows_the_session(make: Make) -> None:
    """A session may go over to a better provider between two runs."""
    session = FakeSession()
    engine = make(session)
    assert engine.name == "meshnet (fake)"
    session.provider = "tensorrt"
    assert engine.name == "meshnet (tensorrt)"


@pytest.fixture(scope="module")
def small(drawn: Avatar, tmp_path_factory: pytest.TempPathFactory) -> MeshNet:
    session = FakeSession(move=(9, -9), colour=(0.2, 0.4, 0.6), share=0.5)
    engine = MeshNet(
        VideoFormat(320, 240), lambda: fake_networks(session, tmp_path_factory.mktemp("cache"))
    ).__enter__()
    engine.set_avatar(drawn)
    return engine


@given(MOTIONS)
@settings(max_examples=30, deadline=None)
def test_no_motion_breaks_the_picture(small: MeshNet, motion: Motion) -> None:
    with np.errstate(all="raise", under="ignore"):
        picture = small.render(motion)
    assert small.network is NetworkState.ON
    assert picture.shape == (240, 320, 3)
    assert picture.dtype == np.uint8
    assert picture.std() > 10, "the person is still there"
