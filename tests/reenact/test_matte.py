from __future__ import annotations

from avatard.avatar import Avatar
from avatard.reenact.matte import person


def test_the_person_is_found_and_what_stands_beside_is_not(astronaut: Avatar) -> None:
    matte = person(astronaut.pixels, astronaut.landmarks)
    assert matte.shape == astronaut.pixels.shape[:2]
    assert 0 <= matte.min() < matte.max() <= 1
    x, y = astronaut.landmarks[4, :2].astype(int)
    assert matte[y, x] > 0.95
    assert matte[400, 150] > 0.9, "her suit"
    assert matte[20:150, 20:60].max() < 0.1, "the flag"
    assert matte[60:200, 430:460].max() < 0.1, "the rocket"
