from __future__ import annotations

import numpy as np

from avatard.bench.result import Reader
from avatard.bench.sightings import Sightings, ages_ns, report

MS = 1_000_000
PERIOD = 33_333_333


def steady(count: int, age_ms: int = 15) -> Sightings:
    seq = np.arange(count)
    captured = 1_000 * MS + seq * PERIOD
    return np.column_stack([seq, captured, captured + age_ms * MS])


def test_a_steady_stream_has_its_age_and_no_faults() -> None:
    seen = steady(90)
    assert set(ages_ns(seen).tolist()) == {15 * MS}
    assert report(seen, 30.0) == Reader(90, 0, 0, 0)


def test_a_frame_that_never_shows_is_dropped_and_its_neighbour_repeated() -> None:
    seen = np.delete(steady(90), [10, 40, 41], axis=0)
    assert report(seen, 30.0) == Reader(87, 3, 3, 0)


def test_a_late_picture_is_a_repeat_only_from_half_a_period_on() -> None:
    seen = steady(10)
    seen[5, 2] += 10 * MS
    assert report(seen, 30.0).repeats == 0
    seen[5, 2] += 10 * MS
    assert report(seen, 30.0).repeats == 1


def test_an_older_picture_after_a_newer_one_is_out_of_order() -> None:
    seen = steady(10)
    seen[[4, 5], :2] = seen[[5, 4], :2]
    assert report(seen, 30.0).reordered == 1


def test_the_same_picture_in_the_second_place_of_the_ring_is_not_seen_twice() -> None:
    seen = np.repeat(steady(10), 2, axis=0)
    seen[1::2, 2] += 1 * MS
    assert report(seen, 30.0) == Reader(10, 0, 0, 0)
    assert set(ages_ns(seen).tolist()) == {15 * MS}


def test_idle_pictures_have_no_age() -> None:
    seen = steady(10)
    seen[3:6, 0] = -1
    assert len(ages_ns(seen)) == 7


def test_nothing_seen_is_nothing_and_no_error() -> None:
    nothing = np.zeros((0, 3), np.int64)
    assert report(nothing, 30.0) == Reader(0, 0, 0, 0)
    assert ages_ns(nothing).size == 0
