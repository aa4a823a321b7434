from __future__ import annotations

import numpy as np

from avatard.reenact.background import extended
from avatard.reenact.extend import Sheet


def sheet(colours: np.ndarray) -> Sheet:
    """A portrait of 120x160 with nobody in it, on a canvas of 200x400."""
    person = np.zeros((200, 400, 3), np.float32)
    person[40:160, 120:280] = colours
    return Sheet(person, np.zeros((200, 400), np.float32), 120, 40, 280, 160)


def test_a_plain_wall_goes_on_plain() -> None:
    background, slow = extended(sheet(np.full((120, 160, 3), (80, 120, 160), np.float32)), 40)
    assert np.abs(background - (80, 120, 160)).max() < 2
    assert np.abs(slow - (80, 120, 160)).max() < 2


def test_a_wash_of_light_goes_on_in_its_direction_and_levels_off() -> None:
    ramp = np.repeat(np.linspace(60, 180, 160, dtype=np.float32)[None, :, None], 120, 0).repeat(3, 2)
    background, _ = extended(sheet(ramp), 40)
    row = background[100].mean(1)
    assert row[30] < row[150] - 15
    assert row[150] < row[250] - 40
    assert row.min() > 50
    assert row.max() < 190


def test_a_detailed_wall_keeps_its_detail_in_the_middle_alone() -> None:
    noise = np.random.default_rng(1).normal(120, 40, (120, 160, 3)).astype(np.float32)
    background, _ = extended(sheet(noise), 40)
    assert np.abs(background[70:130, 160:240] - noise[30:90, 40:120]).max() < 1e-2
    assert background[:, :90].std(axis=(0, 1)).max() < 15
