from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from avatard.reenact.crew import Crew


def test_alone_a_job_is_done_where_it_is_asked_for() -> None:
    assert Crew().later(threading.current_thread)() is threading.main_thread()


def test_a_helper_does_what_the_caller_has_not_come_to() -> None:
    begun = threading.Event()

    def job() -> threading.Thread:
        begun.set()
        return threading.current_thread()

    with Crew() as crew:
        result = crew.later(job)
        assert begun.wait(10)
        assert result() is not threading.main_thread()


def test_the_caller_does_what_a_busy_helper_has_not_begun() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def blocks() -> None:
        begun.set()
        go_on.wait(10)

    with Crew() as crew:
        first = crew.later(blocks)
        assert begun.wait(10)
        assert crew.later(threading.current_thread)() is threading.main_thread()
        go_on.set()
        first()


@pytest.mark.parametrize("entered", [False, True])
def test_what_a_job_raises_reaches_the_caller(entered: bool) -> None:
    def fails() -> None:
        raise ValueError("no paint")

    crew = Crew()
    if entered:
        crew.__enter__()
    result: Callable[[], None] = crew.later(fails)
    with pytest.raises(ValueError, match="no paint"):
        result()
    crew.__exit__(None, None, None)


def test_no_thread_stays_behind() -> None:
    before = threading.active_count()
    with Crew() as crew:
        crew.later(lambda: None)()
    assert threading.active_count() == before
