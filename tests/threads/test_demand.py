from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatard.threads.demand import SLEEP_S, WAKE_S, Demand, wanted_by
from avatard.timing import NS_PER_S

#: Looks at the sinks: nanoseconds since the last one (what a change of mind takes, and more), and the count.
LOOKS = st.lists(
    st.tuples(st.integers(1, int(1.5 * SLEEP_S * NS_PER_S)), st.one_of(st.none(), st.integers(0, 3))),
    min_size=1,
    max_size=40,
)


def run(looks: list[tuple[int, int | None]]) -> list[tuple[int, bool, bool]]:
    """(time in ns, whether somebody was there, whether pictures were wanted) of each look."""
    demand, now, seen = Demand(), 0, []
    for passed, readers in looks:
        now += passed
        seen.append((now, readers is None or readers > 0, demand.wanted(now, readers)))
    return seen


@given(LOOKS)
def test_the_first_count_is_taken_as_it_is(looks: list[tuple[int, int | None]]) -> None:
    _, there, wanted = run(looks)[0]
    assert wanted is there


@given(LOOKS)
def test_it_changes_only_to_what_is_seen_and_has_been_for_long_enough(looks: list[tuple[int, int | None]]) -> None:
    seen = run(looks)
    for i, (before, after) in enumerate(pairwise(seen), 1):
        if before[2] is after[2]:
            continue
        assert after[1] is after[2]
        since = next((j for j in range(i, -1, -1) if seen[j][1] is not after[2]), -1) + 1
        assert after[0] - seen[since][0] >= (WAKE_S if after[2] else SLEEP_S) * NS_PER_S


@given(LOOKS)
def test_it_never_lags_longer_than_that(looks: list[tuple[int, int | None]]) -> None:
    seen = run(looks)
    for i, (now, there, wanted) in enumerate(seen):
        if there is wanted:
            continue
        since = next((j for j in range(i, -1, -1) if seen[j][1] is wanted), -1) + 1
        assert now - seen[since][0] < (WAKE_S if there else SLEEP_S) * NS_PER_S


@given(st.lists(st.tuples(st.integers(1, int(WAKE_S * NS_PER_S) - 1), st.integers(1, 3)), max_size=30))
def test_short_looks_at_the_device_never_wake_it(probes: list[tuple[int, int]]) -> None:
    demand, now = Demand(), 0
    assert not demand.wanted(now, 0)
    for length, readers in probes:
        assert not demand.wanted(now, readers)
        assert not demand.wanted(now + length, readers)
        now += length + 1
        assert not demand.wanted(now, 0)


def test_who_cannot_be_counted_is_there() -> None:
    assert Demand().wanted(0, None)


@pytest.mark.parametrize("readers", [0, 1, None])
def test_always_means_always(readers: int | None) -> None:
    assert wanted_by("always")(0, readers)


def test_on_demand_means_when_read() -> None:
    wanted = wanted_by("on-demand")
    assert not wanted(0, 0)
    assert not wanted(1, 1)
    assert wanted(1 + int(WAKE_S * NS_PER_S), 1)
