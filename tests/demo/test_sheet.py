from __future__ import annotations

import numpy as np
import pytest

from avatard.demo.sheet import Pair, contact_sheet, spread

RED, GREEN = (0, 0, 255), (0, 255, 0)


def plain(width: int, height: int, colour: tuple[int, int, int]) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.full((height, width, 3), colour, np.uint8)


def test_twelve_pairs_fill_three_columns_driver_left_avatar_right() -> None:
    sheet = contact_sheet([Pair(plain(640, 480, RED), plain(1280, 720, GREEN))] * 12)
    assert sheet.shape == (4 * 248 + 8, 3 * 648 + 8, 3)
    for row in range(4):
        for column in range(3):
            y, x = 8 + 248 * row + 120, 8 + 648 * column
            assert tuple(sheet[y, x + 160]) == RED
            assert tuple(sheet[y, x + 480]) == GREEN


@pytest.mark.parametrize("size", [(320, 240), (1920, 1080), (400, 400), (360, 640)])
def test_any_shape_fills_its_half_without_a_border(size: tuple[int, int]) -> None:
    sheet = contact_sheet([Pair(plain(*size, RED), plain(*size, GREEN))])
    assert (sheet[8:248, 8:328] == RED).all()
    assert (sheet[8:248, 328:648] == GREEN).all()


def test_the_badge_at_the_top_stays_on_a_tall_picture() -> None:
    tall = plain(720, 1280, GREEN)
    tall[:100] = RED
    assert tuple(contact_sheet([Pair(tall, tall)])[9, 9]) == RED


def test_no_pair_is_an_empty_sheet_and_no_error() -> None:
    assert contact_sheet([]).size > 0


def test_moments_are_spread_from_first_to_last() -> None:
    chosen = spread(list(range(0, 300, 8)))
    assert len(chosen) == 12
    assert chosen[0] == 0
    assert chosen[-1] == 296
    assert chosen == sorted(set(chosen))
    assert spread([8, 16]) == [8, 16]
