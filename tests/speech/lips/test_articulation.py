from __future__ import annotations

import numpy as np
import pytest

from avatard.motion import UNIT
from avatard.speech.lips.articulation import HOLD_S, Articulation
from avatard.speech.lips.shapes import SHAPES
from avatard.speech.lips.visemes import Viseme
from avatard.utterance import Clause, Phoneme
from tests.speech.lips.clauses_said import clause

JAW, PUCKER = UNIT["jawOpen"], UNIT["mouthPucker"]


def mouth(articulation: Articulation, t_s: float) -> np.ndarray:
    pull = articulation.at(t_s)
    return np.asarray(pull.units / max(pull.weight, 1e-6))


def test_a_long_sound_reaches_its_shape() -> None:
    articulation = Articulation(clause(("n", 80), ("a", 400), ("n", 80), stressed="a"))
    assert mouth(articulation, 0.26) == pytest.approx(SHAPES[Viseme.AA].units, abs=0.03)


def test_neighbours_share_their_border() -> None:
    articulation = Articulation(clause(("a", 300), ("i", 300), stressed="a i"))
    a, i = (SHAPES[viseme].units[JAW] for viseme in (Viseme.AA, Viseme.IH))
    jaw = [mouth(articulation, t)[JAW] for t in np.arange(0.1, 0.5, 0.01)]
    assert all(np.diff(jaw) <= 1e-6)
    assert mouth(articulation, 0.28)[JAW] == pytest.approx((a + i) / 2, abs=0.03)  # ahead of the sound


def test_a_weak_sound_takes_on_its_neighbours_shape() -> None:
    """The lips are round through the k of "who could"."""
    between = Articulation(clause(("u", 150), ("k", 70), ("u", 150), stressed="u"))
    alone = Articulation(clause(("a", 150), ("k", 70), ("a", 150), stressed="a"))
    assert mouth(between, 0.165)[PUCKER] > 0.4
    assert mouth(alone, 0.165)[PUCKER] < 0.01


def test_a_diphthong_glides_late() -> None:
    articulation = Articulation(clause(("n", 60), ("a\u028a", 300), ("n", 60), stressed="a\u028a"))
    early, late = mouth(articulation, 0.12), mouth(articulation, 0.30)
    assert early[JAW] > 2 * late[JAW]
    assert late[PUCKER] > 0.5 > early[PUCKER]


def test_silence_between_words_moves_nothing_a_pause_does() -> None:
    def least(ms: float) -> float:
        articulation = Articulation(clause(("a", 200), ("", ms), ("a", 200), stressed="a"))
        return min(float(mouth(articulation, t)[JAW]) for t in np.arange(0.1, 0.3 + ms / 1000, 0.005))

    assert least(40) > 0.9 * SHAPES[Viseme.AA].units[JAW]
    assert least(300) < 0.1


@pytest.mark.parametrize("ms", [5, 40, 75, 140])
def test_closures_are_held_long_enough_and_centred(ms: float) -> None:
    articulation = Articulation(clause(("a", 200), ("m", ms), ("a", 200)))
    times = np.arange(0.1, 0.4, 0.001)
    whole = times[[articulation.at(t).lips == 1 for t in times]]
    assert whole[-1] - whole[0] >= max(HOLD_S, ms / 1000) - 0.002
    assert (whole[0] + whole[-1]) / 2 == pytest.approx(0.2 + ms / 2000, abs=0.002)


def test_lips_and_teeth_are_told_apart() -> None:
    articulation = Articulation(clause(("a", 150), ("m", 100), ("a", 200), ("f", 100), ("a", 150)))
    assert (articulation.at(0.2).lips, articulation.at(0.2).teeth) == (1, 0)
    assert (articulation.at(0.5).lips, articulation.at(0.5).teeth) == (0, 1)
    assert (articulation.at(0.35).lips, articulation.at(0.35).teeth) == (0, 0)


def test_first_and_last_hold_what_moves() -> None:
    articulation = Articulation(clause(("", 200), ("m", 40), ("a", 200), ("", 300)))
    assert articulation.first_s == pytest.approx(0.22 - HOLD_S / 2, abs=0.01)
    assert articulation.last_s == pytest.approx(0.44)


def test_phonemes_that_nobody_knows_are_a_mouth_at_rest() -> None:
    articulation = Articulation(Clause(np.zeros(4800, np.int16), (Phoneme("\u2603", 0, 0.1),)))
    pull = articulation.at(0.05)
    assert pull.weight == 0
    assert not pull.units.any()
