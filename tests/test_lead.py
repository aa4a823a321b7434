from __future__ import annotations

import pytest

from avatard.lead import Lead
from avatard.timing import NS_PER_S, STAGES, StageTimer


def timers(ms: float, times: int = 5) -> dict[str, StageTimer]:
    made = {name: StageTimer() for name in STAGES}
    for timer in made.values():
        for _ in range(times):
            timer.add(round(ms * 1e6))
    return made


def test_it_is_what_drawing_sealing_and_writing_typically_take() -> None:
    made = timers(4.0)
    made["output"].add(900_000_000)  # one that hung is not typical
    assert Lead(made).ns(NS_PER_S) == pytest.approx(12e6)


def test_it_is_nothing_before_the_first_picture() -> None:
    assert Lead(timers(0, times=0)).ns(NS_PER_S) == 0


def test_it_follows_a_machine_that_becomes_slow_within_a_second() -> None:
    made = timers(4.0)
    lead = Lead(made)
    before = lead.ns(NS_PER_S)
    for timer in made.values():
        for _ in range(60):
            timer.add(10_000_000)
    assert lead.ns(NS_PER_S + 1) == before
    assert lead.ns(2 * NS_PER_S) == pytest.approx(30e6)
