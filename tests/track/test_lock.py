from collections.abc import Sequence

import numpy as np
import pytest

from avatard.config import TrackConfig
from avatard.face import Face
from avatard.frame import Frame
from avatard.track.lock import Locked
from avatard.track.pose import solve
from avatard.track.scripted import Scripted
from tests.track.track_scenes import BLANK, frame, head

CONFIG = TrackConfig(smooth=False)


def play(faces: Sequence[Face | None], config: TrackConfig = CONFIG) -> list[Face | None]:
    with Locked(Scripted(faces), config) as tracker:
        return [tracker.track(frame(i)) for i in range(len(faces))]


def other(x: float) -> Face:
    """A second person: another skull at x."""
    face = head(x)
    marks = face.landmarks.copy()
    marks[:, 0] = x + (marks[:, 0] - x) * 1.25
    marks[:, 1] += 20 * np.sin(marks[:, 1] / 20)
    return Face(marks, solve(marks), 1.0, 0, 0)


def test_a_face_that_moves_is_kept() -> None:
    faces = [head(200 + 6 * i, 220 + 2 * i, 90 + i, yaw=0.02 * i, roll=0.01 * i) for i in range(25)]
    assert all(play(faces))


def test_no_face_is_none() -> None:
    assert [bool(face) for face in play([None, head(), None])] == [False, True, False]


def test_a_face_elsewhere_is_refused_until_ours_is_gone_a_while() -> None:
    found = play([head(150)] * 5 + [head(520)] * 40)
    assert all(found[:5])
    first = next(i for i in range(5, 45) if found[i])
    assert 25 <= first - 5 <= 27  # 1 s at 25 fps
    assert all(found[first:])


def test_lock_s_decides_how_long() -> None:
    found = play([head(150)] * 5 + [head(520)] * 40, TrackConfig(smooth=False, lock_s=0.4))
    assert next(i for i in range(5, 45) if found[i]) - 5 in (10, 11, 12)


def test_a_much_larger_face_in_the_same_place_is_refused() -> None:
    assert play([head(scale=60)] * 5 + [head(scale=110)] * 3)[5:] == [None] * 3


def test_a_stranger_in_the_same_place_is_refused() -> None:
    assert play([head(320)] * 5 + [other(320)] * 3)[5:] == [None] * 3


def test_our_face_comes_back_after_a_short_loss_somewhat_moved() -> None:
    assert all(play([head(300)] * 5 + [None] * 8 + [head(360)] * 3)[13:])


def test_reset_takes_the_next_face_at_once() -> None:
    with Locked(Scripted([head(150), head(520)]), CONFIG) as tracker:
        assert tracker.track(frame(0))
        tracker.reset()
        assert tracker.track(frame(1))


@pytest.mark.parametrize(
    "garbage",
    [
        head(yaw=1.3),
        head(pitch=1.1),
        head(scale=8),
        head(x=-400),
        Face(np.full((478, 3), np.nan, np.float32), head().pose, 1.0, 0, 0),
    ],
    ids=["profile", "top of the head", "far away", "outside", "not numbers"],
)
def test_what_cannot_be_a_face_is_none(garbage: Face) -> None:
    assert play([head(), garbage, head()])[1] is None


def test_a_torn_face_is_none() -> None:
    rng = np.random.default_rng(0)
    marks = (head().landmarks + rng.normal(0, 25, (478, 3))).astype(np.float32)
    assert play([Face(marks, solve(marks), 1.0, 0, 0)])[0] is None


def test_a_refused_face_is_painted_over_and_the_frame_is_not_touched() -> None:
    shown: list[Frame] = []

    class Watching(Scripted):
        def track(self, frame: Frame) -> Face | None:
            shown.append(frame)
            return super().track(frame)

    before = BLANK.copy()
    with Locked(Watching([head(150), head(520), None, head(152), head(154)]), CONFIG) as tracker:
        for i in range(5):
            tracker.track(frame(i))
    assert shown[0].pixels is shown[1].pixels
    assert (shown[2].pixels[220, 520] == 128).all()
    assert (shown[2].pixels[220, 150] == 90).all()
    assert (shown[4].pixels == 90).all()  # ours is back: nothing is painted any more
    assert np.array_equal(BLANK, before)


def test_it_smooths_when_asked() -> None:
    faces = [head(320 + (3 if i % 2 else 0)) for i in range(30)]
    raw, smooth = play(faces), play(faces, TrackConfig())

    def jumps(found: list[Face | None]) -> float:
        return float(np.abs(np.diff([f.pose.translation[0] for f in found[10:] if f])).mean())

    assert jumps(smooth) < 0.8 * jumps(raw)
