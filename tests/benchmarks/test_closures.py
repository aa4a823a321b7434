import re

import numpy as np
import pytest

from avatard.avatars import open_store
from avatard.speech.lips.visemes import Viseme
from avatard.speech.voices.voice import open_voice
from benchmarks.lips.closed import CLOSED, Seen, look, percentiles, summary
from benchmarks.lips.sentences import sentences


def test_sentences_are_the_same_each_time_all_different_and_rich_in_closures() -> None:
    made = sentences(200)
    assert made == sentences(200)
    assert len(set(made)) == 200
    assert made != sentences(200, seed=1)
    letters = [len(re.findall("[pbmfv]", sentence.lower())) for sentence in made]
    assert min(letters) >= 1
    assert np.mean(letters) > 5


@pytest.mark.parametrize(
    ("gaps", "closed"),
    [
        ((0.0, 0.01), True),
        ((0.1, 0.0, -0.002, 0.08), True),
        ((0.0, 0.1, 0.0), False),  # not held
        ((0.0,), False),
        ((CLOSED, CLOSED), False),
        ((), False),
    ],
)
def test_a_closure_is_two_pictures_in_a_row(gaps: tuple[float, ...], closed: bool) -> None:
    assert Seen(Viseme.PP, gaps).closed is closed


def test_an_avatar_is_seen_to_close_its_lips_and_to_open_them() -> None:
    with open_voice("en-us") as voice:
        said = [list(voice.speak("Papa may have a map of Africa."))]
    found = look("mesh", open_store().load("mira"), said, 0)
    result = summary([found])
    assert result["engine"] == "mesh"
    assert result["closures"]["p b m"]["wanted"] >= 4
    for kind in result["closures"].values():
        assert kind["closed"] == kind["wanted"] > 0
    assert result["open_vowels"]["seen_open"] == result["open_vowels"]["looked_at"] > 0
    assert result["gap_while_speaking"]["p95"] > 0.08


def test_lips_that_do_not_close_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The measure can fail: without what closes them, lips are only drawn towards each other."""
    monkeypatch.setattr("avatard.speech.lips.articulation.closures", lambda clause: ())
    with open_voice("en-us") as voice:
        said = [list(voice.speak("Papa may have a map of Africa."))]
    found = summary([look("mesh", open_store().load("mira"), said, 0)])
    closed, wanted = (sum(kind[key] for kind in found["closures"].values()) for key in ("closed", "wanted"))
    assert closed < wanted / 2


def test_no_gaps_have_no_percentiles() -> None:
    assert percentiles([]) == {}
