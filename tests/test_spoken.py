from __future__ import annotations

import numpy as np
import pytest

from avatard.motion import UNIT, UNITS, Driver
from avatard.spoken import Spoken, Together


class Saying:
    """Lips that say what they are told. asked: how often."""

    def __init__(self, spoken: Spoken | None) -> None:
        self.spoken = spoken
        self.asked = 0

    def at(self, now_ns: int, face: bool) -> Spoken | None:
        self.asked += 1
        return self.spoken


def spoken(mouth: float, jaw: float, brow: float = 0.0, driver: Driver = Driver.SPEECH) -> Spoken:
    units = np.zeros(len(UNITS), np.float32)
    units[UNIT["jawOpen"]], units[UNIT["browInnerUp"]] = jaw, brow
    return Spoken(units, mouth, np.full(3, brow, np.float32), driver)


def test_nobody_speaks_where_none_does() -> None:
    assert Together([Saying(None), Saying(None)]).at(0, face=False) is None
    assert Together([]).at(0, face=False) is None


def test_all_are_asked_for_each_picture() -> None:
    both = Saying(spoken(1.0, 0.5)), Saying(None)
    Together(both).at(0, face=True)
    assert [one.asked for one in both] == [1, 1]


def test_the_first_one_s_mouth_goes_before_the_second_s() -> None:
    typed, voice = spoken(1.0, 0.2, 0.1), spoken(1.0, 0.8, 0.3, Driver.VOICE)
    found = Together([Saying(typed), Saying(voice)]).at(0, face=False)
    assert found is not None
    assert (found.mouth, found.driver) == (1.0, Driver.SPEECH)
    assert found.units[UNIT["jawOpen"]] == pytest.approx(0.2)
    assert found.units[UNIT["browInnerUp"]] == pytest.approx(0.4), "of the rest both"
    assert found.rotation[0] == pytest.approx(0.4)


def test_a_pose_without_a_mouth_leaves_it_to_the_microphone() -> None:
    pose, voice = spoken(0.0, 0.0, 0.1), spoken(0.7, 0.8, driver=Driver.VOICE)
    found = Together([Saying(pose), Saying(voice)]).at(0, face=False)
    assert found is not None
    assert found.mouth == pytest.approx(0.7)
    assert found.driver is Driver.VOICE
    assert found.units[UNIT["jawOpen"]] == pytest.approx(0.8)


def test_between_the_two_nothing_jumps() -> None:
    voice = spoken(1.0, 0.8, driver=Driver.VOICE)
    jaws = []
    for share in np.linspace(1, 0, 21):
        found = Together([Saying(spoken(float(share), 0.2)), Saying(voice)]).at(0, face=False)
        assert found is not None
        assert found.mouth == pytest.approx(1.0)
        jaws.append(float(found.units[UNIT["jawOpen"]]))
    assert jaws[0] == pytest.approx(0.2)
    assert jaws[-1] == pytest.approx(0.8)
    assert np.abs(np.diff(jaws)).max() < 0.05
