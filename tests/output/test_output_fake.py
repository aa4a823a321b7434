from __future__ import annotations

from collections.abc import Callable

import pytest

from avatard.errors import SinkError
from avatard.output import readers_of
from avatard.output.fake import Collector, Counting, Vanishing
from avatard.sealed import Sealed

MakeSealed = Callable[[int, int], Sealed]


def test_collector_keeps_copies_of_the_last(make_sealed: MakeSealed) -> None:
    with Collector(keep=2) as sink:
        for number in range(4):
            sink.write(make_sealed(number, number * 10))

    assert sink.written == 4
    assert [(p.seq, p.sealed_ns) for p in sink.pictures] == [(2, 20), (3, 30)]
    assert (sink.pictures[0].i420 != sink.pictures[1].i420).any()


def test_collector_can_keep_none(make_sealed: MakeSealed) -> None:
    with Collector(keep=0) as sink:
        sink.write(make_sealed(0, 0))

    assert (sink.written, sink.pictures) == (1, [])


def test_vanishing_fails_once_stays_away_and_returns(make_sealed: MakeSealed) -> None:
    sink = Vanishing(after=1, absent=2)
    with sink:
        sink.write(make_sealed(0, 0))
        with pytest.raises(SinkError) as caught:
            sink.write(make_sealed(1, 0))
        assert caught.value.retryable
    for _ in range(2):
        with pytest.raises(SinkError), sink:
            pass
    with sink:
        sink.write(make_sealed(2, 0))

    assert [p.seq for p in sink.pictures] == [0, 2]
    assert sink.opened == 2


def test_counting_has_the_readers_that_a_test_gives_it() -> None:
    sink = Counting(readers=2)
    before = readers_of(sink)
    sink.readers = None
    assert (before, readers_of(sink), readers_of(Collector())) == (2, None, None)
