from __future__ import annotations

import threading

from avatard.threads.stage_thread import Hold, StageThread, Switch


class Failing(StageThread):
    def work(self) -> None:
        raise ValueError("mine")


def test_a_thread_that_fails_stops_the_switch_with_its_reason() -> None:
    switch = Switch()
    thread = Failing("x", switch)
    thread.start()
    assert switch.wait_stopped(5.0)
    thread.join()
    assert isinstance(switch.error, ValueError)


def test_the_first_reason_is_kept() -> None:
    switch = Switch()
    switch.stop(ValueError("first"))
    switch.stop(ValueError("second"))
    assert str(switch.error) == "first"


def test_stop_ends_a_pause_for_good() -> None:
    switch = Switch()
    switch.hold(Hold.PAUSED)
    before = switch.held
    switch.stop()
    switch.hold(Hold.ASLEEP)
    assert (before, switch.held, switch.stopped) == (Hold.PAUSED, None, True)


def test_it_goes_on_once_nothing_holds_it() -> None:
    switch = Switch()
    held = []
    for change, why in ((switch.hold, Hold.ASLEEP), (switch.hold, Hold.PAUSED), (switch.release, Hold.PAUSED)):
        change(why)
        held.append(switch.held)
    assert held == [Hold.ASLEEP, Hold.PAUSED, Hold.ASLEEP], "the card says what the user asked for"
    switch.release(Hold.ASLEEP)
    assert switch.held is None


def test_who_looks_while_a_pause_ends_is_not_told_of_a_sleep() -> None:
    """Between the last hold's end and the threads' going on."""
    switch = Switch()
    told: list[Hold | None] = []

    class Looking(threading.Event):
        def set(self) -> None:
            told.append(switch.held)
            super().set()

    switch._going = Looking()
    switch.hold(Hold.PAUSED)
    switch.release(Hold.PAUSED)
    assert told == [None]


def test_holding_and_releasing_say_whether_they_changed_anything() -> None:
    switch = Switch()
    assert not switch.release(Hold.ASLEEP)
    assert [switch.hold(Hold.ASLEEP) for _ in range(2)] == [True, False]
    assert [switch.release(Hold.ASLEEP) for _ in range(2)] == [True, False]
