from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from avatard.errors import SinkError
from avatard.output import losses_of, readers_of
from avatard.output.fake import Collector, Counting, Vanishing
from avatard.output.tee import Tee
from avatard.sealed import Sealed, SealedPool
from tests.output.conftest import FORMAT

if TYPE_CHECKING:
    from typing_extensions import Self

MakeSealed = Callable[[int, int], Sealed]


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine needs longer than half a period to come to another thread."""
    monkeypatch.setattr("avatard.output.tee.PATIENCE", 300.0)


class Pipe(Collector):
    """Hangs in `write` while nobody reads."""

    def __init__(self) -> None:
        super().__init__()
        self.read = threading.Event()
        self.entered = threading.Event()

    def write(self, sealed: Sealed) -> None:
        self.entered.set()
        assert self.read.wait(20)
        super().write(sealed)


class Logged(Collector):
    """Notes when it is opened and closed."""

    def __init__(self, name: str, log: list[str], fails: bool = False) -> None:
        super().__init__()
        self._name, self._log, self._fails = name, log, fails

    def __enter__(self) -> Self:
        if self._fails:
            raise SinkError("not there")
        self._log.append(f"open {self._name}")
        return self

    def __exit__(self, *error: object) -> None:
        self._log.append(f"close {self._name}")


class Asked(Collector):
    """Notes which threads write it and which ask it, and loses a picture with each one written."""

    def __init__(self) -> None:
        super().__init__()
        self.writers: set[threading.Thread] = set()
        self.askers: set[threading.Thread] = set()

    @property
    def readers(self) -> int:
        self.askers.add(threading.current_thread())
        return self.written + 1

    def losses(self) -> dict[str, int]:
        self.askers.add(threading.current_thread())
        return {"dropped_busy": 1}

    def write(self, sealed: Sealed) -> None:
        self.writers.add(threading.current_thread())
        super().write(sealed)


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


def test_a_sink_is_asked_only_by_the_thread_that_writes_it(make_sealed: MakeSealed) -> None:
    """Its device may be written or closed just then, or lost."""
    asked = Asked()
    with Tee([asked, Counting(1)]) as tee:
        assert readers_of(tee) == 2, "known before the first picture"
        asked.askers.clear()  # the one that opened it: then there was no other yet
        for number in range(3):
            tee.write(make_sealed(number, 0))
            assert readers_of(tee) == number + 3
            losses_of(tee)

    assert asked.askers == asked.writers


def test_what_a_sink_loses_is_told_once(make_sealed: MakeSealed) -> None:
    with Tee([Asked(), Collector(), Asked()]) as tee:
        tee.write(make_sealed(0, 0))
        tee.write(make_sealed(1, 0))
        assert losses_of(tee)["dropped_busy"] == 4
        assert losses_of(tee)["dropped_busy"] == 0


def test_what_a_sink_lost_before_it_failed_is_told(make_sealed: MakeSealed) -> None:
    class Failing(Asked):
        def write(self, sealed: Sealed) -> None:
            if self.written:
                raise SinkError("it has gone")
            super().write(sealed)

    with Tee([Failing(), Collector()]) as tee:
        tee.write(make_sealed(0, 0))
        tee.write(make_sealed(1, 0))
        assert losses_of(tee) == {"dropped_busy": 1, "sink_errors": 1}


def test_one_that_hangs_holds_up_none_of_the_others(make_sealed: MakeSealed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("avatard.output.tee.PATIENCE", 3.0)
    pipe, healthy = Pipe(), Collector()
    with Tee([pipe, healthy]) as tee:
        for number in range(4):
            tee.write(make_sealed(number, 0))
        assert healthy.written == 4
        assert losses_of(tee)["dropped_busy"] == 3
        assert losses_of(tee)["dropped_busy"] == 0, "each is told once"
        pipe.read.set()

    assert [p.seq for p in pipe.pictures] == [0]


def test_one_that_is_stuck_is_told_of_and_counted_until_it_takes_pictures_again(
    make_sealed: MakeSealed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("avatard.output.tee.PATIENCE", 3.0)
    monkeypatch.setattr("avatard.output.tee.STUCK_S", 0.05)
    pipe, healthy = Pipe(), Collector()
    with Tee([pipe, healthy]) as tee:
        tee.write(make_sealed(0, 0))
        for number in range(1, 4):
            tee.write(make_sealed(number, 0))
        told = tee.description
        assert losses_of(tee)["sink_errors"] == 1
        pipe.read.set()
        deadline = time.monotonic() + 20
        while pipe.written < 2 and time.monotonic() < deadline:
            tee.write(make_sealed(9, 0))

        assert pipe.pictures[-1].seq == 9
        assert (told, tee.description) == ("collector (stuck) + collector", "collector + collector")


def test_while_not_one_takes_pictures_it_waits_as_a_single_sink_would(make_sealed: MakeSealed) -> None:
    """So the watchdog sees it."""
    pipes = [Pipe(), Pipe()]
    with Tee(pipes) as tee:
        writing = threading.Thread(target=tee.write, args=(make_sealed(0, 0),))
        writing.start()
        assert all(pipe.entered.wait(20) for pipe in pipes)
        writing.join(0.2)
        assert writing.is_alive()
        for pipe in pipes:
            pipe.read.set()
        writing.join(20)
        assert not writing.is_alive()


def test_closing_waits_for_no_sink_that_hangs(make_sealed: MakeSealed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("avatard.output.tee.PATIENCE", 3.0)
    monkeypatch.setattr("avatard.output.tee.CLOSE_S", 0.05)
    log: list[str] = []
    pipe = Pipe()
    with Tee([Logged("a", log), pipe, Logged("b", log)]) as tee:
        tee.write(make_sealed(0, 0))

    assert log == ["open a", "open b", "close b", "close a"]
    pipe.read.set()


def test_lost_sinks_are_counted_and_told(make_sealed: MakeSealed) -> None:
    with Tee([Vanishing(0), Collector()]) as tee:
        tee.write(make_sealed(0, 0))
        assert losses_of(tee)["sink_errors"] == 1
        assert tee.description == "vanishing sink (lost: the sink has vanished) + collector"


def test_a_bug_in_one_is_not_taken_for_a_lost_sink(make_sealed: MakeSealed) -> None:
    class Broken(Collector):
        def write(self, sealed: Sealed) -> None:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), Tee([Collector(), Broken()]) as tee:
        tee.write(make_sealed(0, 0))


def test_what_closing_one_raises_is_raised_once_all_are_closed(make_sealed: MakeSealed) -> None:
    log: list[str] = []

    class Full(Logged):
        def __exit__(self, *error: object) -> None:
            super().__exit__(*error)
            raise SinkError("no space left")

    with pytest.raises(SinkError, match="no space left"), Tee([Logged("a", log), Full("b", log)]):
        pass

    assert log == ["open a", "open b", "close b", "close a"]


def test_each_picture_goes_back_when_the_last_sink_has_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("avatard.output.tee.PATIENCE", 3.0)
    pool = SealedPool(FORMAT, buffers=1, most=2)
    pipe = Pipe()
    with Tee([pipe, Collector()]) as tee:
        for _ in range(3):  # the pipe keeps the first; the others take turns in the second buffer
            sealed = pool._mint(pool.take(), 0, 0, 0)
            tee.write(sealed)
            sealed.release()
        assert len(pool._free) == 1
        pipe.read.set()
    assert len(pool._free) == 2
