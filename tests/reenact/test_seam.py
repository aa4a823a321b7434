from __future__ import annotations

import numpy as np
import pytest

from avatard.avatar import Avatar
from avatard.face_mesh import INNER_LIPS
from avatard.reenact.seam import on_seam
from tests.reenact.drawn_face import EYES


@pytest.mark.parametrize("off", [-4.0, 0.0, 4.0])
def test_landmarks_that_are_off_go_back_to_the_dark_line(drawn: Avatar, off: float) -> None:
    shifted = drawn.landmarks.copy()
    lips = list(INNER_LIPS)
    shifted[lips, 1] += off
    found = on_seam(drawn.pixels, shifted)
    away = np.abs(found[lips, 1] - drawn.landmarks[lips, 1])
    assert away.max() < 0.012 * EYES
    assert np.array_equal(found[lips][:, 0].round(1), shifted[lips][:, 0].round(1))
    others = [i for i in range(478) if i not in (*lips, 61, 76, 62, 291, 306, 292)]
    assert np.array_equal(found[others], shifted[others])


def test_an_open_mouth_is_left_alone(astronaut: Avatar) -> None:
    assert np.array_equal(on_seam(astronaut.pixels, astronaut.landmarks), astronaut.landmarks)
