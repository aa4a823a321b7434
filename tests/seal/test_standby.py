from __future__ import annotations

import numpy as np
import pytest

from avatard.seal.badge import Badge
from avatard.seal.chips import Chips
from avatard.seal.mark import Mark
from avatard.seal.masks import LANGUAGES, load_masks
from avatard.seal.payload import Payload
from avatard.seal.planes import Planes
from avatard.seal.standby import Cards, StandbyReason
from avatard.sealed import I420, VideoFormat


def cards(width: int, height: int, language: str = "en", levels: float = 1.0) -> dict[StandbyReason, I420]:
    mark = Mark(Chips(), Payload(1, 2), width, height, levels)
    return Cards(load_masks(language), VideoFormat(width, height, 30.0)).draw(mark)


@pytest.mark.parametrize("size", [(1280, 720), (640, 480), (720, 1280), (160, 120), (64, 48), (854, 480)])
def test_each_reason_has_a_badged_card(size: tuple[int, int]) -> None:
    badge = Badge(load_masks("en"), VideoFormat(*size, 30.0))
    drawn = cards(*size)
    assert set(drawn) == set(StandbyReason)
    for card in drawn.values():
        assert card.shape == (size[1] * 3 // 2, size[0])
        assert badge.intact(card)


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_stand_in_the_middle_and_inside(language: str) -> None:
    for card in cards(640, 480, language).values():
        words = np.argwhere(card[300:480] > 200)  # white below the figure: title and line
        assert len(words) > 200
        left, right = words[:, 1].min(), words[:, 1].max()
        assert left > 0.04 * 640
        assert abs(left + right - 639) <= 4


def test_the_card_is_calm_and_nearly_grey() -> None:
    planes = Planes.of(cards(640, 480)[StandbyReason.PAUSED])
    assert 40 < np.median(planes.luma) < 120
    assert np.abs(planes.blue.astype(int) - 128).max() < 20
    assert np.abs(planes.red.astype(int) - 128).max() < 20


def test_the_mark_is_in_it() -> None:
    plain, marked = (cards(640, 480, levels=levels)[StandbyReason.PAUSED] for levels in (0.0, 1.0))
    difference = marked[100:480].astype(int) - plain[100:480]
    assert np.abs(difference).max() == 1
    assert (difference != 0).mean() > 0.5
