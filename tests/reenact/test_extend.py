from __future__ import annotations

from itertools import pairwise

import numpy as np

from avatard.reenact.extend import Sheet, close_sides, extend_down, extend_sides, extend_up


def sheet() -> Sheet:
    """A portrait at columns 100..300 and rows 50..250 of a canvas of 300x400; the body fills its lower part."""
    person, matte = np.zeros((300, 400, 3), np.float32), np.zeros((300, 400), np.float32)
    for x in range(100, 300):
        top = 170 + round(abs(x - 200) * 0.3)
        person[top:250, x], matte[top:250, x] = (30, 60, 90), 1
    return Sheet(person, matte, 100, 50, 300, 250)


def test_shoulders_go_on_outwards_and_down() -> None:
    made = sheet()
    extend_down(made)
    extend_sides(made, centre=200, head_width=90, chin=150, eyes=60)
    tops = [int(np.argmax(made.matte[:, x] > 0.5)) if (made.matte[:, x] > 0.5).any() else 300 for x in range(60, 101)]
    assert tops[-1] < 205
    assert all(a >= b for a, b in pairwise(tops)), "falling towards the outside"
    assert made.matte[290, 90:310].min() > 0.9, "down to the lower edge"
    cloth = made.person[240, 80:100].mean(0)
    assert np.all(cloth <= (31, 61, 91))
    assert np.all(cloth >= (20, 40, 60))


def test_cut_hair_closes_in_a_dome() -> None:
    made = sheet()
    made.person[50:170, 150:250], made.matte[50:170, 150:250] = (10, 20, 40), 1
    extend_up(made, (150, 250), 30)
    widths = (made.matte[20:50] > 0.5).sum(1)
    assert widths[0] < 30
    assert 85 < widths[-1] <= 102
    assert (np.diff(widths) >= 0).all()
    assert not made.matte[:20].any()


def test_hair_cut_at_the_side_bulges_a_little() -> None:
    made = sheet()
    made.person[60:140, 100:160], made.matte[60:140, 100:160] = (10, 20, 40), 1
    close_sides(made, chin=150, eyes=60)
    reach = (made.matte[60:140, :100] > 0.5).sum(1)
    assert 5 < reach.max() < 15
    assert reach[0] < reach[40] > reach[-1]
