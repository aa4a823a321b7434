from __future__ import annotations

from avatard.speech.voices.words import place
from avatard.utterance import Phoneme, Word


def test_a_word_ends_with_its_last_sound() -> None:
    phonemes = (Phoneme("a", 0.0, 0.3), Phoneme("", 0.3, 0.5), Phoneme("b", 0.5, 0.9), Phoneme("", 0.9, 1.2))
    assert place("Ah, be.", [(0, 2, 0.0), (4, 6, 0.5)], phonemes, 1.2) == (Word(0, 2, 0.0, 0.3), Word(4, 6, 0.5, 0.9))


def test_a_number_is_one_word_however_it_is_said() -> None:
    text = "cost $1,234.50 at ten"
    events = [
        (0, 4, 0.0),
        (5, 6, 0.4),
        (6, 8, 0.6),
        (7, 9, 0.8),
        (8, 14, 1.0),
        (8, 14, 1.2),
        (15, 17, 2.0),
        (18, 21, 2.1),
    ]
    words = place(text, events, (), 3.0)
    assert [text[w.first : w.last] for w in words] == ["cost", "$1,234.50", "at", "ten"]
    assert [(w.start_s, w.end_s) for w in words] == [(0.0, 0.4), (0.4, 2.0), (2.0, 2.1), (2.1, 3.0)]


def test_marks_around_a_word_are_not_of_it() -> None:
    text = "“Yes” (no)… «si»!"
    words = place(text, [(0, 5, 0.0), (6, 10, 0.1), (12, 16, 0.2)], (), 1.0)
    assert [text[w.first : w.last] for w in words] == ["Yes", "no", "si"]


def test_scripts_without_spaces_are_told_by_the_engine() -> None:
    text = "你好世界。"
    words = place(text, [(0, 1, 0.0), (2, 3, 0.4), (3, 4, 0.7)], (), 1.0)
    assert [text[w.first : w.last] for w in words] == ["你", "世", "界"]


def test_what_an_engine_gets_wrong_does_no_harm() -> None:
    assert place("one two", [(9, 12, 0.0), (4, 7, 0.5), (0, 3, 0.6), (4, 7, 0.7)], (), 1.0) == (Word(4, 7, 0.5, 1.0),)
    assert place("one two", [(0, 3, 5.0), (4, 7, 0.1)], (), 1.0)[1] == Word(4, 7, 1.0, 1.0)
    assert place("... ...", [(0, 3, 0.0)], (), 1.0) == ()
