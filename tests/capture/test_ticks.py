from __future__ import annotations

import time

from avatard.capture.ticks import Ticks
from avatard.timing import NS_PER_S


def test_deadlines_are_whole_periods_after_the_first_wait() -> None:
    ticks = Ticks(200.0)
    before = time.monotonic_ns()
    given = [tick for _ in range(20) if (tick := ticks.wait(1.0))]

    start = given[0][0] - given[0][1] * NS_PER_S // 200
    assert before <= start
    total = 0
    for due, on in given:
        total += on
        assert abs(due - start - total * NS_PER_S / 200) <= 1


def test_waits_until_due() -> None:
    ticks = Ticks(100.0)
    for _ in range(3):
        tick = ticks.wait(1.0)
        assert tick is not None
        assert time.monotonic_ns() >= tick[0]


def test_a_deadline_beyond_the_timeout_is_kept() -> None:
    ticks = Ticks(4.0)
    assert ticks.wait(0.001) is None
    assert ticks.wait(0.0) is None
    tick = ticks.wait(1.0)

    assert tick is not None
    assert tick[1] == 1


def test_lateness_skips_ticks_and_says_how_many() -> None:
    ticks = Ticks(100.0)
    first = ticks.wait(1.0)
    time.sleep(0.055)
    late = ticks.wait(1.0)

    assert first is not None
    assert late is not None
    assert late[1] >= 5
    assert abs(late[0] - first[0] - late[1] * NS_PER_S // 100) <= 1
