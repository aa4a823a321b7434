from __future__ import annotations

import numpy as np

from avatard.motion import DriverPatch
from avatard.reenact.mouth import Aperture
from avatard.reenact.own_mouth import STRENGTH, carried


def test_the_patch_is_spread_from_corner_to_corner_and_matched_in_colour() -> None:
    ring = np.concatenate(
        [
            np.stack([np.linspace(0, 39, 11), np.full(11, 0.0)], -1),
            np.stack([np.linspace(39, 0, 11)[1:-1], np.full(9, 19.0)], -1),
        ]
    ).astype(np.float32)
    pixels = np.zeros((20, 40, 3), np.uint8)
    pixels[:, :20], pixels[:, 20:] = (40, 40, 40), (100, 100, 100)
    width, height = 80, 30
    upper = np.stack([np.linspace(10, 89, 49), np.full(49, 5.0)], -1).astype(np.float32)
    lower = upper + np.array([0, 29], np.float32)
    aperture = Aperture(
        10, 5, width, height, np.full(width, 5.0, np.float32), np.full(width, 34.0, np.float32),
        np.ones((height, width), np.float32), (10.0, 89.0),
    )  # fmt: skip
    skin = np.array([100, 100, 100], np.float32)
    same = carried(DriverPatch(pixels, ring, skin), aperture, upper, lower, skin)
    assert same.shape == (height, width, 3)
    assert abs(same[:, :30] - 40).max() < 2
    assert abs(same[:, 50:] - 100).max() < 2
    darker = carried(DriverPatch(pixels, ring, 2 * skin), aperture, upper, lower, skin)
    assert np.allclose(darker, same / 2**STRENGTH, atol=1)
    yellow = carried(DriverPatch(pixels, ring, skin * (0.5, 1, 1)), aperture, upper, lower, skin)
    assert np.allclose(yellow[..., 0], 1.9 * yellow[..., 1], rtol=0.15), "most of  yellow light's blue is restored"
