from __future__ import annotations

import threading

from hypothesis import given
from hypothesis import strategies as st

from avatard.slot import Slot


@given(st.lists(st.one_of(st.integers(), st.none())))
def test_the_latest_wins_and_losses_are_counted(steps: list[int | None]) -> None:
    """None takes, an integer puts: against a model of one variable."""
    slot: Slot[int] = Slot()
    held: int | None = None
    dropped = 0
    for step in steps:
        if step is None:
            assert slot.take(0.0) == held
            held = None
        else:
            assert slot.put(step) == held
            dropped += held is not None
            held = step
    assert slot.dropped == dropped


def test_take_waits_for_another_thread() -> None:
    slot: Slot[str] = Slot()
    timer = threading.Timer(0.02, slot.put, ("frame",))
    timer.start()
    assert slot.take(5.0) == "frame"
    timer.join()


def test_take_gives_up() -> None:
    assert Slot[int]().take(0.01) is None


def test_close_wakes_the_consumer_and_returns_what_comes_after() -> None:
    slot: Slot[int] = Slot()
    timer = threading.Timer(0.02, slot.close)
    timer.start()
    assert slot.take(None) is None
    timer.join()
    assert slot.put(1) == 1
    assert slot.take(0.0) is None
    assert slot.dropped == 0
