# ruff: noqa: RUF001 (the letters are IPA)
from __future__ import annotations

from avatard.speech.voices.phonemes import merge
from avatard.utterance import Phoneme


def even(*names: str) -> list[tuple[str, float, float]]:
    """Each a tenth of a second."""
    return [(name, i / 10, (i + 1) / 10) for i, name in enumerate(names)]


def symbols(*names: str) -> str:
    return " ".join(p.symbol or "_" for p in merge(even(*names), len(names) / 10))


def test_espeak_puts_marks_into_the_name() -> None:
    assert merge(even("h", "ˈoʊ", "iː", "ˌʌ"), 0.4) == (
        Phoneme("h", 0.0, 0.1),
        Phoneme("oʊ", 0.1, 0.2, stressed=True),
        Phoneme("i", 0.2, 0.3),
        Phoneme("ʌ", 0.3, 0.4),
    )


def test_piper_has_marks_of_their_own() -> None:
    assert merge(even("^", "p", "ˈ", "ɑ", "ː", " ", "p", "ˌ", "ə", ".", "$"), 1.1) == (
        Phoneme("", 0.0, 0.1),
        Phoneme("p", 0.1, 0.2),
        Phoneme("ɑ", 0.2, 0.6, stressed=True),  # the stress before it, its length, and the space
        Phoneme("p", 0.6, 0.7),
        Phoneme("ə", 0.7, 0.9),
        Phoneme("", 0.9, 1.1),  # one pause of two
    )


def test_accents_ties_and_tones_join_their_sound() -> None:
    assert symbols("t", "͡", "ʃ", "ɑ", "̃", "ʰ", "˥", "3") == "t͡ʃ ɑ̃ʰ"
    assert symbols("n", "i˨˩", "ɜ", "˞") == "n i ɜ˞"


def test_language_marks_are_no_sound() -> None:
    assert symbols("(en)", "h", "aɪ", "(de)", "d") == "_ h aɪ d"


def test_times_stay_within_the_sound_and_in_order() -> None:
    merged = merge([("a", -0.1, 0.2), ("b", 0.2, 0.9), ("", 0.9, 0.9)], 0.5)
    assert merged == (Phoneme("a", 0.0, 0.2), Phoneme("b", 0.2, 0.5))


def test_a_mark_alone_is_nothing() -> None:
    assert merge(even("ˈ"), 0.1) == ()
    assert merge([], 1.0) == ()
