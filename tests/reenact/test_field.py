from __future__ import annotations

import cv2
import numpy as np
import pytest

from avatard.avatar import Avatar
from avatard.reenact.compose import compose
from avatard.reenact.field import Field, Inverse
from avatard.reenact.fill import ONE_MAP, Floats
from avatard.reenact.likeness import LOWER_LIP, UPPER_LIP, Expression, Likeness, Pose
from tests.reenact.drawn_face import Move

#: Points of the face's middle, which every pose shows: forehead to chin.
MIDDLE = np.array([151, 9, 8, 6, 205, 425])


@pytest.fixture(scope="module")
def made(drawn: Avatar) -> tuple[Likeness, Field, Floats]:
    scene = compose(drawn, 1280, 720)
    likeness = Likeness(scene.landmarks)
    return likeness, Field(scene, likeness), scene.landmarks


def _sample(field: Field, backward: Floats, at: Floats) -> Floats:
    index = ((at - field.nodes[0, 0]) / field.step).astype(np.float32)[None]
    return np.asarray(cv2.remap(backward, index, ONE_MAP, cv2.INTER_LINEAR)[0], np.float32)


@pytest.mark.parametrize(
    ("pose", "units"),
    [
        ((0, 0, 0), {}),
        ((0, 0, 0), {"jawOpen": 1.0}),
        ((20, 0, 0), {"jawOpen": 0.3}),
        ((-25, 10, 15), {"mouthSmileLeft": 1.0, "mouthSmileRight": 1.0}),
        ((10, -15, -30), {"browInnerUp": 1.0, "mouthPucker": 1.0}),
    ],
)
def test_the_inverse_leads_each_landmark_home(
    made: tuple[Likeness, Field, Floats], move: Move, pose: tuple[float, float, float], units: dict[str, float]
) -> None:
    likeness, field, landmarks = made
    motion = move(*pose, **units)
    expression, turned = likeness.express(motion, 1.0), Pose(likeness, motion)
    inverse = _inverse(field, turned, expression)
    now = turned.place(landmarks) + turned.spread(expression.moved)
    for backward, points in ((inverse.upper, UPPER_LIP), (inverse.lower, LOWER_LIP), (inverse.upper, MIDDLE)):
        home = _sample(field, backward, now[points])
        away = np.linalg.norm(home - landmarks[points, :2], axis=1) / likeness.scale
        assert away.max() < 0.05, "within five per cent of the eye distance"


def _inverse(field: Field, pose: Pose, expression: Expression) -> Inverse:
    upper, lower = field.inversions(pose, expression)
    return Inverse(upper=upper(), lower=lower())


def test_nothing_moved_is_the_identity(made: tuple[Likeness, Field, Floats], move: Move) -> None:
    likeness, field, _ = made
    inverse = _inverse(field, Pose(likeness, move()), likeness.express(move(), 0.0))
    assert np.array_equal(inverse.upper, field.nodes)
    assert np.array_equal(inverse.lower, field.nodes)


def test_shoulders_do_not_turn_with_the_head(made: tuple[Likeness, Field, Floats], move: Move) -> None:
    likeness, field, _ = made
    inverse = _inverse(field, Pose(likeness, move(25, 0, 20)), likeness.express(move(), 0.0))
    low = np.abs(inverse.upper[-2] - field.nodes[-2]).max()
    assert low < 0.02 * likeness.scale
