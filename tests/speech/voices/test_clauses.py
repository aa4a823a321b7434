# ruff: noqa: RUF001 (the marks are those of other scripts)
from __future__ import annotations

import tracemalloc
from itertools import islice

import pytest

from avatard.speech.voices.clauses import Lengths, split

ANY = Lengths()


def clauses(text: str, lengths: Lengths = ANY, abbreviations: frozenset[str] = frozenset()) -> list[str]:
    return [text[first:last] for first, last in split(text, lengths, abbreviations)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Hello everyone, I am here.", ["Hello everyone,", "I am here."]),
        ("One. Two! Three? Four… Five", ["One.", "Two!", "Three?", "Four…", "Five"]),
        ("He said “Go away!” Then left.", ["He said “Go away!”", "Then left."]),
        ("Wait; no: yes — maybe - so", ["Wait;", "no:", "yes —", "maybe -", "so"]),
        ("line one\nline two\r\n\nthree", ["line one", "line two", "three"]),
        ("It costs 3.50, or 1,234.5 at 10:30.", ["It costs 3.50,", "or 1,234.5 at 10:30."]),
        ("Dr. Smith and Mrs. Jones, e.g. J. Doe.", ["Dr. Smith and Mrs. Jones,", "e.g. J. Doe."]),
        ("See www.example.org/a.b?c=d now. Ok", ["See www.example.org/a.b?c=d now.", "Ok"]),
        ("well-known rock-and-roll", ["well-known rock-and-roll"]),
        ("Am 2. mai bzw. später. Gut.", ["Am 2. mai bzw. später.", "Gut."]),
        ("你好，世界。我很好！", ["你好，", "世界。", "我很好！"]),
        ("「はい。」そうです。", ["「はい。」", "そうです。"]),
        ("مرحبا، كيف الحال؟ جيد", ["مرحبا،", "كيف الحال؟", "جيد"]),
        ("नमस्ते। आप कैसे हैं।", ["नमस्ते।", "आप कैसे हैं।"]),
        ("Really?! Yes...", ["Really?!", "Yes..."]),
        ("hello. how are you", ["hello.", "how are you"]),
        ("No. I do not know No. 5.", ["No.", "I do not know No. 5."]),
        ("at 9 a.m. today", ["at 9 a.m. today"]),
        ("👍 ok", ["👍 ok"]),
        ("50 % & more", ["50 % & more"]),
    ],
)
def test_it_ends_where_a_reader_pauses(text: str, parts: list[str]) -> None:
    assert clauses(text) == parts


@pytest.mark.parametrize("text", ["", "   ", "...", "?!", "\n\n", "- - -", ", ,", "\u200b\u202e"])
def test_where_nothing_can_be_said_there_is_none(text: str) -> None:
    assert clauses(text) == []


def test_words_of_the_users_with_a_dot_do_not_end_one() -> None:
    assert clauses("The Abt. Two is full.") == ["The Abt.", "Two is full."]
    assert clauses("The Abt. Two is full.", abbreviations=frozenset({"abt"})) == ["The Abt. Two is full."]


def test_the_first_is_short_and_the_others_are_not() -> None:
    text = "this goes on and on without any marks at all and somebody waits for it to begin " * 3
    parts = clauses(text, Lengths(first=45, most=120))
    assert parts[0] == "this goes on and on"  # rather than before "marks": "without" begins a phrase
    assert " ".join(parts) == text.strip()
    assert len(parts[0]) <= 45
    assert all(len(part) <= 120 for part in parts)
    assert max(map(len, parts)) > 60
    assert all(not part.startswith(" ") for part in parts)


def test_commas_are_left_to_the_voice_until_it_is_long() -> None:
    text = "Well, one, two. Then one, two, three and a few words more, and an end."
    assert clauses(text, Lengths(pause=40)) == [
        "Well, one, two.",
        "Then one, two, three and a few words more,",
        "and an end.",
    ]


def test_what_is_too_long_is_cut_at_its_last_comma() -> None:
    text = "Good morning, you. Well, yes, there is something that I would like to say, if I may."
    assert clauses(text, Lengths(first=40, grow=1, pause=99)) == [
        "Good morning, you.",
        "Well, yes,",
        "there is something",
        "that I would like to say, if I may.",
    ]


def test_runs_without_spaces_are_cut_between_letters() -> None:
    for letter in ("a", "你", "1", "e\u0301", "👨\u200d👩\u200d👧", "ก็", "🇩🇪", "\U0001f44d\U0001f3fd"):
        parts = clauses(letter * 500)
        assert "".join(parts) == letter * 500
        assert all(len(part) <= 300 for part in parts)
        if letter not in ("1", "🇩🇪"):
            assert all(part.startswith(letter[0]) for part in parts)


def test_a_long_text_takes_no_memory() -> None:
    text = "A word, and another one. " * 4_000  # a hundred thousand characters
    tracemalloc.start()
    assert sum(1 for _ in split(text, ANY)) == 8_000
    assert tracemalloc.get_traced_memory()[1] < 50_000
    tracemalloc.stop()
    assert len(list(islice(split("x" * 10**7, ANY), 3))) == 3


def test_none_is_much_longer_than_what_was_said_before() -> None:
    text = "Yes, " + "and then we all went on and on for quite a while " * 12
    lengths = [len(part) for part in clauses(text, Lengths(first=40, most=200, pause=100))]
    assert lengths[0] == len("Yes,")
    for i, length in enumerate(lengths[1:], 1):
        assert length <= max(40, 3 * sum(lengths[:i]))
    assert max(lengths) > 120
