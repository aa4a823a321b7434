from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatard.timing import NS_PER_S, Counters, Pacer, Percentiles, StageTimer


def test_percentiles_are_milliseconds() -> None:
    p = Percentiles.of_ns(np.arange(1, 101, dtype=np.int64) * 1_000_000)
    assert (p.n, p.max) == (100, 100.0)
    assert p.p50 == pytest.approx(50.5)
    assert p.p99 == pytest.approx(99.01)


def test_no_samples_are_zeros() -> None:
    assert StageTimer().percentiles() == Percentiles(0, 0.0, 0.0, 0.0, 0.0)


@given(st.lists(st.integers(0, 10**9), max_size=50))
def test_the_ring_keeps_the_newest_in_order(durations: list[int]) -> None:
    timer = StageTimer(capacity=8, deadline_ms=1.0)
    for d in durations:
        timer.add(d)
    assert timer.samples_ns().tolist() == durations[-8:]
    assert timer.count == len(durations)
    assert timer.over == sum(d > 1_000_000 for d in durations)


def test_a_body_that_raises_is_not_recorded() -> None:
    timer = StageTimer()
    with pytest.raises(ValueError), timer.measure():
        raise ValueError
    assert timer.count == 0


def test_counters_start_at_zero_and_know_their_causes() -> None:
    counters = Counters()
    counters.add("captured")
    assert counters.as_dict()["captured"] == 1
    assert counters.as_dict()["repeated"] == 0
    with pytest.raises(AssertionError):
        counters.add("nonsense")


@given(st.floats(1, 240), st.lists(st.integers(0, NS_PER_S), max_size=30))
def test_deadlines_lie_on_the_grid_ahead_of_now_and_never_burst(fps: float, late_by_ns: list[int]) -> None:
    pacer = Pacer(fps, start_ns=0)
    now = previous = 0
    for late in late_by_ns:
        due = pacer.next_ns(now)
        assert due >= now
        assert due > previous, "two pictures at one deadline"
        periods = due * fps / NS_PER_S
        assert abs(periods - round(periods)) < 1e-3
        previous, now = due, due + late


def test_wait_returns_a_deadline_that_has_passed() -> None:
    import time

    pacer = Pacer(200.0)
    due = pacer.wait()
    assert time.monotonic_ns() >= due
