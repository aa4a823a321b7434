from __future__ import annotations

import pytest

from avatard.threads.stage_thread import Backoff, StageThread, Switch


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


def test_stop_ends_a_pause() -> None:
    switch = Switch()
    switch.pause()
    before = switch.paused
    switch.stop()
    assert (before, switch.paused, switch.stopped) == (True, False, True)


def test_back_off_doubles_to_ten_seconds_and_starts_anew() -> None:
    switch = Switch()
    switch.stop()  # so that it does not really wait
    backoff = Backoff(switch)
    delays = []
    for _ in range(7):
        delays.append(backoff.delay_s)
        backoff.wait()
    assert delays == pytest.approx([0.5, 1, 2, 4, 8, 10, 10])
    backoff.reset()
    assert backoff.delay_s == 0.5
