from __future__ import annotations

import numpy as np
import pytest

from avatard.motion import UNIT
from avatard.speech.lips.gestures import BLINK_GAP_S, NOD, PERIODS, Gestures, sway
from avatard.utterance import Clause
from tests.speech.lips.clauses_said import clause

SENTENCE = [("n", 60), ("a", 200), ("s", 100), ("i", 240)] * 6
BLINK, BROW = 3 + UNIT["eyeBlinkLeft"], 3 + UNIT["browInnerUp"]


def played(said: Clause, number: int = 0, lively: float = 1.0, blinked_s: float = -9.0) -> np.ndarray:
    gestures = Gestures(said, 5, number, lively, blinked_s)
    return np.array([gestures.at(t) for t in np.arange(-0.5, gestures.last_s + 0.1, 0.005)])


def test_nods_go_down_and_come_back() -> None:
    moves = [played(clause(*SENTENCE, stressed="a i"), number) for number in range(10)]
    deepest = np.degrees([move[:, 1].max() for move in moves])
    assert deepest.max() > 1
    assert deepest.max() <= NOD + 0.01
    for move in moves:
        assert not move[0].any()
        assert np.abs(move[-1]).max() < 1e-6
        assert np.degrees(np.abs(np.diff(move[:, :3], axis=0)).max()) < 0.15


def test_without_stress_nobody_nods() -> None:
    for number in range(10):
        assert not played(clause(*SENTENCE), number)[:, :3].any()


def test_livelier_is_larger() -> None:
    said = clause(*SENTENCE, stressed="a i")
    calm, lively = (np.mean([played(said, n, by)[:, 1].max() for n in range(10)]) for by in (0.5, 1.3))
    assert lively == pytest.approx(2.6 * calm)


def test_some_clauses_end_with_a_blink_but_not_two_in_a_row() -> None:
    said = clause(("n", 100), ("a", 300))
    blinks = [played(said, number)[:, BLINK].max() for number in range(40)]
    assert 10 < sum(blink > 0.95 for blink in blinks) < 35
    soon = [played(said, number, blinked_s=0.5 - BLINK_GAP_S + 0.3)[:, BLINK].max() for number in range(40)]
    assert not any(soon)


@pytest.mark.parametrize(("ending", "lifted"), [("?", True), ("\uff1f", True), (".", False), (",", False), ("", False)])
def test_questions_lift_the_brows_at_their_end(ending: str, lifted: bool) -> None:
    move = played(clause(*SENTENCE, ending=ending))
    assert bool(move[:, BROW].max() > 0.4) is lifted


def test_a_sway_is_slow_and_small() -> None:
    phases = np.random.default_rng(2).uniform(0, 6, PERIODS.shape)
    turns = np.degrees([sway(t, phases) for t in np.arange(0, 60, 0.02)])
    assert np.abs(turns).max() < 2
    assert np.abs(np.diff(turns, axis=0)).max() < 0.08
    assert np.ptp(turns[:, 0]) > 1
