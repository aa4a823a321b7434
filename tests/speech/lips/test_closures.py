import numpy as np
import pytest

from avatard.speech.lips.closures import closures
from avatard.speech.lips.visemes import Viseme
from avatard.utterance import RATE, Clause, Phoneme
from tests.speech.lips.clauses_said import clause


def test_only_lips_that_meet_are_closures() -> None:
    said = clause(("m", 80), ("a", 120), ("n", 60), ("f", 90), ("i", 100), ("v", 70), ("", 200))
    found = closures(said)
    assert [c.viseme for c in found] == [Viseme.PP, Viseme.FF, Viseme.FF]
    for one, index in zip(found, (0, 3, 5), strict=True):
        assert (one.start_s, one.end_s) == (said.phonemes[index].start_s, said.phonemes[index].end_s)


def test_a_stop_opens_with_its_burst_inside_the_phoneme() -> None:
    """As Piper times it: silence, then the burst, both p."""
    (found,) = closures(clause(("a", 150), ("p", 100), ("a", 150)))
    assert found.start_s == pytest.approx(0.150, abs=0.006)
    assert found.end_s == pytest.approx(0.220, abs=0.006)


def test_a_stop_that_starts_with_its_burst_was_closed_before() -> None:
    """As espeak-ng times it: the vowel has the silence."""
    said = clause(("a", 150), ("p", 100), ("a", 150))
    late = tuple(Phoneme(p.symbol, p.start_s + 0.07 * (p.symbol == "p"), p.end_s) for p in said.phonemes)
    (found,) = closures(Clause(said.pcm, late))
    assert found.start_s == pytest.approx(0.150, abs=0.012)
    assert found.end_s == pytest.approx(0.220, abs=0.006)


def test_a_murmured_stop_opens_where_it_gets_loud() -> None:
    t = np.arange(round(0.4 * RATE)) / RATE
    loud = np.where((t < 0.1) | (t >= 0.15), 7000, 900)
    pcm = (loud * np.sin(2 * np.pi * 120 * t)).astype(np.int16)
    said = Clause(pcm, (Phoneme("a", 0, 0.1), Phoneme("b", 0.1, 0.17), Phoneme("a", 0.17, 0.4)))
    (found,) = closures(said)
    assert (found.start_s, found.end_s) == pytest.approx((0.1, 0.15), abs=0.012)


def test_closures_that_follow_at_once_are_one() -> None:
    said = clause(("a", 120), ("m", 80), ("p", 70), ("f", 60), ("v", 60), ("a", 120))
    lips, teeth = closures(said)
    assert (lips.viseme, teeth.viseme) == (Viseme.PP, Viseme.FF)
    assert (lips.start_s, lips.end_s) == pytest.approx((0.12, 0.249), abs=0.006)
    assert (teeth.start_s, teeth.end_s) == pytest.approx((0.27, 0.39), abs=1e-6)


@pytest.mark.parametrize("ms", [0, 3, 12])
def test_a_stop_too_short_to_hear_is_still_one(ms: float) -> None:
    (found,) = closures(clause(("p", ms), ("a", 60)))
    assert 0 <= found.start_s <= found.end_s <= 0.06


def test_phonemes_without_their_sound_are_no_error() -> None:
    (found,) = closures(Clause(np.zeros(0, np.int16), (Phoneme("p", 0.1, 0.2),)))
    assert found.end_s == 0.1


def test_a_recording_has_none_that_are_known() -> None:
    assert closures(Clause(np.full(9000, 3000, np.int16))) == ()
