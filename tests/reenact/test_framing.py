from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from avatard.avatar import Avatar
from avatard.reenact.framing import BADGE_END, Head, frame, measure

OUTPUTS = st.sampled_from([(1280, 720), (640, 480), (1920, 1080), (720, 720), (720, 1280)])


@given(
    side=st.integers(256, 4000),
    aspect=st.floats(0.5, 2.2),
    top=st.floats(-0.15, 0.3),
    tall=st.floats(0.15, 0.8),
    slim=st.floats(0.6, 1.1),
    output=OUTPUTS,
)
def test_any_head_is_clear_of_the_badge_and_inside(
    side: int, aspect: float, top: float, tall: float, slim: float, output: tuple[int, int]
) -> None:
    portrait = (round(side * aspect), side)
    head = Head(top * side, (top + tall) * side, portrait[0] / 2, slim * tall * side, 0.35 * tall * side, None, 0.0)
    place = frame(head, portrait, output)
    width, height = output
    assert place.scale * head.top + place.y > BADGE_END * min(output)
    assert place.scale * head.chin + place.y < height
    assert abs(place.scale * head.centre + place.x - width / 2) <= 1
    assert place.scale * head.width < width


def test_hair_and_chin_are_measured(drawn: Avatar) -> None:
    matte = np.zeros(drawn.pixels.shape[:2], np.float32)
    matte[120:, 250:520] = 1
    head = measure(matte, drawn.landmarks)
    assert head.top == 120
    assert head.cut is None
    assert abs(head.chin - drawn.landmarks[152, 1]) < 1
    assert abs(head.width - 270) < 3


def test_cut_hair_goes_on_above_the_portrait(drawn: Avatar) -> None:
    matte = np.zeros(drawn.pixels.shape[:2], np.float32)
    matte[:, 300:460] = 1
    matte[200:, 240:520] = 1
    head = measure(matte, drawn.landmarks)
    assert head.cut == (300.0, 459.0)
    assert -head.top == head.dome > 0
