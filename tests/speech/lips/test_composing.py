import numpy as np
import pytest

from avatard.motion import UNIT
from avatard.speech.lips.composing import COME_S, GO_S, STAY_S, Composing
from avatard.spoken import MOUTH, Spoken
from avatard.timing import NS_PER_S

START_NS = 7 * NS_PER_S


def ns(seconds: float) -> int:
    return START_NS + round(seconds * NS_PER_S)


def vector(spoken: Spoken | None) -> np.ndarray:
    return np.zeros(62) if spoken is None else np.concatenate([spoken.units, spoken.rotation])


def test_nobody_types_no_pose() -> None:
    assert Composing().at(START_NS, False) is None


def test_the_pose_comes_stays_and_goes_without_a_jump() -> None:
    composing = Composing()
    assert composing.at(ns(-1), False) is None
    shown = []
    keys = {0.0, 0.3, 0.7, 1.4, 3.0}
    for t in np.arange(-0.5, 9, 0.005):
        if any(abs(t - key) < 0.0026 for key in keys):
            composing.touch(ns(t))
        shown.append(vector(composing.at(ns(t), False)))
    assert np.abs(np.diff(shown, axis=0)).max() < 0.08  # in 5 ms: a saccade takes 70 ms
    assert composing.at(ns(3.0 + STAY_S + GO_S + 0.01), False) is None
    composing.touch(ns(20))
    spoken = composing.at(ns(20 + COME_S), False)
    assert spoken is not None
    assert spoken.mouth == 0
    assert not spoken.units[MOUTH].any()


def test_eyes_are_down_but_look_up_now_and_then() -> None:
    composing = Composing()
    gaze = []
    for t in np.arange(0, 20, 0.05):
        composing.touch(ns(t))
        spoken = composing.at(ns(t), False)
        if spoken is not None and t > COME_S:
            gaze.append(spoken.units[UNIT["gazeLeftY"]])
            assert 2 < np.degrees(spoken.rotation[1]) < 5
    assert 0.6 < np.mean(np.array(gaze) > 0.35) < 0.9
    assert min(gaze) < 0.12


@pytest.mark.parametrize("again_s", [0.1, COME_S, STAY_S + 0.2, STAY_S + 0.6])
def test_a_key_in_any_moment_does_not_jump(again_s: float) -> None:
    composing = Composing()
    composing.touch(ns(0))
    before = vector(composing.at(ns(again_s), False))
    composing.touch(ns(again_s))
    assert vector(composing.at(ns(again_s), False)) == pytest.approx(before, abs=1e-6)
    assert composing.at(ns(again_s + STAY_S), False) is not None


def test_who_is_seen_typing_needs_no_pose_and_none_jumps() -> None:
    composing = Composing()
    shown = []
    for t in np.arange(0, 6, 0.005):
        composing.touch(ns(t))
        shown.append(vector(composing.at(ns(t), bool(2 < t < 4))))
        assert composing.active(ns(t)) is bool(t > 0)
    moves = np.array(shown)
    assert np.abs(np.diff(moves, axis=0)).max() < 0.08
    assert not moves[round(3 / 0.005)].any()
    assert moves[round(1.9 / 0.005)].any()
    assert moves[-1].any()


def test_nobody_types_any_more() -> None:
    composing = Composing()
    assert not composing.active(ns(0))
    composing.touch(ns(0))
    assert composing.active(ns(1))
    assert not composing.active(ns(STAY_S + GO_S + 0.1))
