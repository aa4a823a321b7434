from __future__ import annotations

import numpy as np
import pytest

from avatard.errors import EngineError
from avatard.reenact.corrector import Corrector
from avatard.reenact.fake_session import FakeSession, NanSession, RaisingSession
from avatard.reenact.fill import Floats

FEATURES: dict[str, Floats] = {"mouth_ref": np.zeros(1, np.float32)}


class Clock:
    def __init__(self) -> None:
        self.s = 0.0

    def __call__(self) -> float:
        return self.s


def tries(corrector: Corrector, session: FakeSession, clock: Clock, until_s: float) -> list[float]:
    """When the session was asked, of a picture each 10 ms."""
    asked = []
    while clock.s < until_s:
        before = session.runs
        corrector.run({})
        asked += [clock.s] * (session.runs - before)
        clock.s = round(clock.s + 0.01, 2)
    return asked


def test_corrections_are_mouth_right_and_left_eye() -> None:
    session = FakeSession(share=0.25)
    session.outputs["eyes_out"][1] = 7
    found = Corrector(session, FEATURES).run({})
    assert found is not None
    mouth, right, left = found
    assert (mouth.shape, right.shape, left.shape) == ((7, 96, 128), (7, 64, 64), (7, 64, 64))
    assert (mouth[5, 0, 0], right[5, 0, 0], left[5, 0, 0]) == (0.25, 0.25, 7)
    assert session.held == FEATURES


def test_after_a_failure_it_rests_twice_as_long_each_time_and_starts_anew_once_it_ran() -> None:
    session, clock = RaisingSession(2, 7), Clock()
    corrector = Corrector(session, FEATURES, clock)
    asked = tries(corrector, session, clock, 45.0)
    failed = asked[2:9]
    assert failed == pytest.approx([0.02, 0.52, 1.52, 3.52, 7.52, 15.52, 25.52])
    assert asked[9] == pytest.approx(35.52)
    assert asked[10] == pytest.approx(35.53), "it ran: the next picture is corrected too"
    session.outputs["mouth_out"][:] = np.nan
    assert corrector.run({}) is None
    assert tries(corrector, session, clock, 46.0)[0] == pytest.approx(45.5)


@pytest.mark.parametrize("error", [EngineError("device"), MemoryError(), RuntimeError("driver"), KeyError("mouth_out")])
def test_whatever_a_session_raises_is_no_error_of_the_picture(error: Exception) -> None:
    assert Corrector(RaisingSession(0, 1, error), FEATURES).run({}) is None


@pytest.mark.parametrize("output", ["mouth_out", "eyes_out"])
@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), 1e30, -1e30])
def test_no_value_that_cannot_be_drawn_is_passed_on(output: str, value: float) -> None:
    session = NanSession(output, value)
    assert Corrector(session, FEATURES).run({}) is None
    session.outputs[output].flat[0] = -value  # two infinities must not cancel out
    assert Corrector(session, FEATURES).run({}) is None
    session.outputs[output][:] = 0
    assert Corrector(session, FEATURES).run({}) is not None
