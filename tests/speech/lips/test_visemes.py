# ruff: noqa: RUF001 (the letters are IPA)
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatard.speech.lips.visemes import LETTERS, Viseme, reduced, visemes

V = Viseme


@pytest.mark.parametrize(
    ("symbol", "wanted"),
    [
        ("", [V.SIL]),
        ("p", [V.PP]), ("b", [V.PP]), ("m", [V.PP]), ("f", [V.FF]), ("v", [V.FF]),
        ("θ", [V.TH]), ("ð", [V.TH]), ("t", [V.DD]), ("ɾ", [V.DD]), ("k", [V.KK]), ("ɡ", [V.KK]), ("g", [V.KK]),
        ("s", [V.SS]), ("z", [V.SS]), ("ʃ", [V.CH]), ("n", [V.NN]), ("ŋ", [V.NN]), ("l", [V.NN]), ("ɹ", [V.RR]),
        ("ɑː", [V.AA]), ("æ", [V.AA]), ("ə", [V.E]), ("ɛ", [V.E]), ("iː", [V.IH]), ("ɪ", [V.IH]), ("j", [V.IH]),
        ("ɔː", [V.OH]), ("uː", [V.OU]), ("ʊ", [V.OU]), ("w", [V.OU]), ("y", [V.OU]), ("ø", [V.OH]),
        ("aɪ", [V.AA, V.IH]), ("aʊ", [V.AA, V.OU]), ("ɔɪ", [V.OH, V.IH]), ("oʊ", [V.OH, V.OU]), ("eɪ", [V.E, V.IH]),
        ("əʊ", [V.E, V.OU]), ("ɪə", [V.IH, V.E]), ("ɜː", [V.RR]), ("ɚ", [V.RR]), ("əl", [V.E, V.NN]),
        ("aɪɚ", [V.AA, V.IH, V.RR]), ("ɔːɹ", [V.OH, V.RR]),
        ("tʃ", [V.CH]), ("dʒ", [V.CH]), ("t͡ʃ", [V.CH]), ("ts", [V.SS]), ("pf", [V.PP, V.FF]),
        ("ˈoʊ", [V.OH, V.OU]), ("pʰ", [V.PP]), ("n̩", [V.NN]), ("ɑ̃", [V.AA]), ("ç", [V.KK]), ("(en)p", [V.PP]),
        ("ɐ̃ʊ", [V.AA, V.OU]), ("ε", [V.E]),
    ],
)  # fmt: skip
def test_what_voices_write(symbol: str, wanted: list[Viseme]) -> None:
    assert list(visemes(symbol)) == wanted


@pytest.mark.parametrize("symbol", ["ˈ", "ː", "😀", "7", "(en)", "¿", "‿"])
def test_what_is_no_sound_has_no_viseme(symbol: str) -> None:
    assert visemes(symbol) == ()


@given(st.text(max_size=12))
def test_any_text_is_a_few_visemes(symbol: str) -> None:
    found = visemes(symbol)
    assert len(found) <= max(len(symbol) * 4, 1)
    assert all(a is not b for a, b in itertools.pairwise(found))


def test_each_letter_has_one_viseme_and_each_viseme_a_letter() -> None:
    letters = "".join(LETTERS.values())
    assert len(set(letters)) == len(letters)
    assert {*LETTERS, Viseme.SIL} == set(Viseme)


def test_schwas_are_hardly_opened() -> None:
    assert all(reduced(symbol) for symbol in ("ə", "ɐ", "ᵻ"))
    assert not any(reduced(symbol) for symbol in ("ɑː", "əʊ", "p", "", "ˈ"))
