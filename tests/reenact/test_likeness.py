from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatard import canonical
from avatard.avatar import Avatar
from avatard.geometry import rotation_matrix
from avatard.motion import rest
from avatard.reenact.likeness import LOWER_LIP, UPPER_LIP, Likeness, Pose
from tests.reenact.drawn_face import Move


@pytest.fixture(scope="module")
def likeness(drawn: Avatar) -> Likeness:
    return Likeness(drawn.landmarks)


@pytest.fixture(scope="module")
def smile(astronaut: Avatar) -> Likeness:
    return Likeness(astronaut.landmarks)


def test_rest_moves_nothing(likeness: Likeness) -> None:
    expression = likeness.express(rest(0), 0.0)
    assert not expression.moved.any()
    assert not expression.gap.any()
    assert [eye.opening for eye in expression.eyes] == [1.0, 1.0]


def test_a_turned_portrait_is_measured_as_if_it_were_not(drawn: Avatar, likeness: Likeness) -> None:
    turned = (drawn.landmarks @ rotation_matrix(0.25, -0.1, 0.2).T * 0.5).astype(np.float32)
    other = Likeness(turned)
    assert np.abs(other.points - likeness.points).max() < 0.02
    assert other.scale == pytest.approx(0.5 * likeness.scale, rel=0.01)


@given(amount=st.floats(0, 1))
def test_mouth_close_closes_any_jaw(likeness: Likeness, move: Move, amount: float) -> None:
    closed = likeness.express(move(jawOpen=amount, mouthClose=amount), 1.0)
    assert closed.gap.max() < 1e-3
    if amount > 0.1:
        assert likeness.express(move(jawOpen=amount), 1.0).gap.max() > 0.02


def test_closing_takes_away_the_portraits_own_gap(smile: Likeness, move: Move) -> None:
    assert smile.shows_teeth
    assert smile.express(move(), 0.0).gap == pytest.approx(smile.own_gap, abs=1e-6)
    closed = smile.express(move(), 1.0)
    assert closed.gap.max() < 1e-3
    lips = smile.points + closed.moved
    assert np.abs(lips[UPPER_LIP, 1] - lips[LOWER_LIP, 1]).max() < 1e-3


def test_lips_never_cross(likeness: Likeness, move: Move) -> None:
    pressed = likeness.express(move(mouthPressLeft=1, mouthPressRight=1, mouthRollLower=1, mouthRollUpper=1), 1.0)
    lips = likeness.points + pressed.moved
    assert (lips[LOWER_LIP, 1] - lips[UPPER_LIP, 1]).min() > -1e-4


def test_a_blink_shuts_eyes_of_any_opening(likeness: Likeness, move: Move) -> None:
    shut = likeness.express(move(eyeBlinkLeft=1.0), 1.0).eyes
    assert shut[1].opening == 0.0
    assert shut[0].opening == 1.0
    half = likeness.express(move(eyeBlinkLeft=0.5), 1.0).eyes[1].opening
    assert 0.4 < half < 0.6
    assert likeness.express(move(eyeWideLeft=1.0), 1.0).eyes[1].opening > 1.2


def test_gaze_is_in_the_irises_alone(likeness: Likeness, move: Move) -> None:
    right, left = likeness.express(move(gazeLeftX=1.0, gazeRightX=1.0), 1.0).eyes
    assert right.gaze[0] == pytest.approx(left.gaze[0])
    assert right.gaze[0] == pytest.approx(float(canonical.basis()[53 + 1 - 2, 473, 0]), abs=0.02)
    assert right.opening == left.opening == 1.0


def test_pose_turns_about_the_neck(drawn: Avatar, likeness: Likeness, move: Move) -> None:
    still = Pose(likeness, move()).place(drawn.landmarks)
    assert np.abs(still - drawn.landmarks[:, :2]).max() < 1e-3
    nose = Pose(likeness, move(yaw=20)).place(drawn.landmarks)[4] - still[4]
    assert nose[0] > 0.2 * likeness.scale, "to the picture's right"
    down = Pose(likeness, move(pitch=15)).place(drawn.landmarks)[4] - still[4]
    assert down[1] > 0.1 * likeness.scale
    top = Pose(likeness, move(roll=15)).place(drawn.landmarks)[10] - still[10]
    assert top[0] > 0.1 * likeness.scale, "clockwise as seen"
