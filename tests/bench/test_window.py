from __future__ import annotations

import numpy as np

from avatard.bench.window import Window
from avatard.timing import Counters, StageTimer


def test_only_what_came_between_the_opening_and_the_last_poll_counts() -> None:
    timers, counters = {"age": StageTimer()}, Counters()
    timers["age"].add(99_000_000)
    counters.add("captured")
    window = Window(timers, counters)
    timers["age"].add(10_000_000)
    counters.add("captured", 2)
    window.poll()
    timers["age"].add(99_000_000)
    counters.add("captured")
    assert window.samples_ns("age").tolist() == [10_000_000]
    assert window.counts()["captured"] == 2


def test_a_soak_longer_than_the_ring_is_measured_whole_and_in_order() -> None:
    timer = StageTimer(capacity=16)
    window = Window({"age": timer}, Counters())
    for start in range(0, 100, 10):
        for n in range(start, start + 10):
            timer.add(n)
        window.poll()
    assert window.samples_ns("age").tolist() == list(range(100))


def test_the_share_over_a_deadline_is_of_the_window_alone() -> None:
    timer = StageTimer()
    timer.add(90_000_000)
    window = Window({"age": timer}, Counters())
    for ms in (10, 20, 30, 40):
        timer.add(ms * 1_000_000)
    window.poll()
    assert window.over("age", 25.0) == 0.5
    assert window.over("age", 30.0) == 0.25  # a sample on the deadline has met it


def test_a_window_without_samples_is_zero_and_no_error() -> None:
    window = Window({"age": StageTimer()}, Counters())
    moment = window.poll()
    assert window.over("age", 1.0) == 0.0
    assert window.percentiles("age").n == 0
    assert np.isnan(moment.age_p50_ms)
    assert moment.rss_mb >= moment.own_mb > 1
