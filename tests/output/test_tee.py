from __future__ import annotations

from collections.abc import Callable

import pytest

from avatard.errors import SinkError
from avatard.output import readers_of
from avatard.output.fake import Collector, Counting, Vanishing
from avatard.output.tee import Tee
from avatard.sealed import Sealed

MakeSealed = Callable[[int, int], Sealed]


class Logged(Collector):
    """Notes when it is opened and closed."""

    def __init__(self, name: str, log: list[str], fails: bool = False) -> None:
        super().__init__()
        self._name, self._log, self._fails = name, log, fails

    def __enter__(self) -> Logged:
        if self._fails:
            raise SinkError("not there")
        self._log.append(f"open {self._name}")
        return self

    def __exit__(self, *error: object) -> None:
        self._log.append(f"close {self._name}")


def test_opens_in_order_and_closes_in_reverse() -> None:
    log: list[str] = []
    with Tee([Logged("a", log), Logged("b", log)]):
        pass

    assert log == ["open a", "open b", "close b", "close a"]


def test_a_failed_open_closes_those_before_it() -> None:
    log: list[str] = []
    with pytest.raises(SinkError, match="not there"), Tee([Logged("a", log), Logged("b", log, fails=True)]):
        pass

    assert log == ["open a", "close a"]


def test_all_get_each_picture(make_sealed: MakeSealed) -> None:
    first, second = Collector(), Collector()
    with Tee([first, second]) as tee:
        for number in range(3):
            tee.write(make_sealed(number, 0))

    assert [p.seq for p in first.pictures] == [p.seq for p in second.pictures] == [0, 1, 2]


def test_one_that_fails_does_not_take_the_others_down(make_sealed: MakeSealed) -> None:
    failing, healthy = Vanishing(1, returns=False), Collector()
    with Tee([failing, healthy]) as tee:
        for number in range(3):
            tee.write(make_sealed(number, 0))

        assert failing.written == 1
        assert healthy.written == 3
        assert [error.message for error in tee.lost.values()] == ["the sink has vanished"]


def test_what_may_come_back_is_opened_again(make_sealed: MakeSealed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("avatard.output.tee.RETRY_S", 0.0)
    vanishing, healthy = Vanishing(1, absent=1), Collector()
    with Tee([vanishing, healthy]) as tee:
        tee.write(make_sealed(0, 0))
        tee.write(make_sealed(1, 0))  # fails; the first try to open it again too
        assert vanishing in tee.lost
        tee.write(make_sealed(2, 0))
        assert not tee.lost
        tee.write(make_sealed(3, 0))

    assert [p.seq for p in vanishing.pictures] == [0, 3]
    assert healthy.written == 4


def test_what_cannot_come_back_is_left_alone(make_sealed: MakeSealed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("avatard.output.tee.RETRY_S", 0.0)
    full, healthy = Vanishing(1, returns=False), Collector()
    with Tee([full, healthy]) as tee:
        for number in range(4):
            tee.write(make_sealed(number, 0))
        assert full in tee.lost

    assert full.opened == 1


def test_the_last_one_to_fail_raises(make_sealed: MakeSealed) -> None:
    with Tee([Vanishing(0), Vanishing(1)]) as tee:
        tee.write(make_sealed(0, 0))
        with pytest.raises(SinkError, match="vanished"):
            tee.write(make_sealed(1, 0))

        assert len(tee.lost) == 2


def test_its_readers_are_those_of_all_together() -> None:
    with Tee([Counting(2), Counting(0), Counting(1)]) as tee:
        assert readers_of(tee) == 3


def test_one_that_cannot_count_is_always_wanted() -> None:
    with Tee([Counting(0), Collector()]) as tee:
        assert readers_of(tee) is None


def test_one_that_is_lost_has_no_readers(make_sealed: MakeSealed) -> None:
    with Tee([Counting(1), Vanishing(0)]) as tee:
        tee.write(make_sealed(0, 0))
        assert readers_of(tee) == 1
