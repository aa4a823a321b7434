from __future__ import annotations

import math

import numpy as np
import pytest

from avatard.audio.delay import DelayLine
from avatard.audio.follow import Follower


def follower(ages: list[float], offset_ms: float = 0.0) -> tuple[Follower, DelayLine]:
    line, told = DelayLine(), iter(ages)
    made = Follower(line, lambda: next(told), offset_ms)
    for _ in ages:
        made.look()
    return made, line


def test_the_delay_is_the_age_and_what_the_user_likes() -> None:
    _, line = follower([0.06], offset_ms=80)
    assert line.want_s == pytest.approx(0.14)


def test_a_picture_that_was_late_for_once_moves_nothing() -> None:
    _, line = follower([0.06, 0.06, 0.9, 0.06])
    assert line.want_s == pytest.approx(0.06)


def test_an_age_that_stays_is_followed_within_two_seconds() -> None:
    _, line = follower([0.06, 0.06, 0.06, 0.1, 0.1])
    assert line.want_s == pytest.approx(0.1)


def test_small_changes_are_not_followed() -> None:
    _, line = follower([0.06, 0.062, 0.059, 0.063, 0.061])
    assert line.want_s == pytest.approx(0.06)


@pytest.mark.parametrize("nothing", [0.0, math.nan, math.inf, -1.0, 1000.0])
def test_while_nothing_is_known_the_last_holds(nothing: float) -> None:
    _, line = follower([nothing])
    assert line.want_s == 0.0
    _, line = follower([0.05, 0.05, nothing, nothing, nothing])
    assert line.want_s == pytest.approx(0.05)


def test_earlier_than_now_cannot_be() -> None:
    _, line = follower([0.05], offset_ms=-200)
    assert line.want_s == 0.0


def test_status_says_when_the_devices_are_slower_than_the_wish() -> None:
    made, line = follower([0.02])
    assert made.status()["why_not"] == ""
    for block in range(200):
        line.write(np.full(480, 1000, np.int16), 10**9 + block * 10**7 - 50_000_000)
        line.read(480, 10**9 + block * 10**7 + 40_000_000)
    status = made.status()
    assert "the sound devices alone take 96 ms" in str(status["why_not"])
    assert status["delay_ms"] == pytest.approx(1e3 * line.least_s, abs=5)
    assert status["later_than_picture_ms"] == pytest.approx(1e3 * line.least_s - 20, abs=5)
