"""The engines' lists of phonemes, made one: marks of stress and length belong to sounds, and are none themselves.

espeak-ng gives "ˈoʊ" as one phoneme; Piper gives "ˈ", "o", "ʊ", with samples of their own for each mark. Taken for
sounds, these marks would part a "p" from its vowel, and lips that should close would hardly move.
"""

# ruff: noqa: RUF001 (the letters are IPA)
from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

from avatard.utterance import Phoneme

_STRESS: Final = "ˈˌ"
_PRIMARY: Final = "ˈ"
#: Of length, linking and tone: they only lengthen what stands before.
_HOLDS: Final = frozenset("ːˑ‿|‖↑↓ꜛꜜ˥˦˧˨˩0123456789 ")
_TIE: Final = "͡"
_PAUSES: Final = frozenset("^$_,.;:!?…-—–\"'()[]{}«»„“”¿¡、。，！？؟،؛")


def merge(raw: Iterable[tuple[str, float, float]], seconds: float) -> tuple[Phoneme, ...]:
    """Phonemes from an engine's (name, start, end) in order, within a sound of that many seconds.

    A stress mark's time goes to the sound behind it, that of length marks, tones and the space between words to the
    sound before. Pauses become one phoneme "".
    """
    merged: list[Phoneme] = []
    stressed, waiting = False, -1.0
    for name, start, end in raw:
        start, end = min(max(start, 0.0), seconds), min(end, seconds)
        if waiting >= 0:
            start, waiting = waiting, -1.0
        stressed |= _PRIMARY in name
        symbol = _symbol(name)
        if symbol is None:  # a mark of stress alone
            waiting = start
        elif merged and ((not symbol and _holds(name)) or _joins(symbol, merged)):
            last = merged.pop()
            merged.append(Phoneme(last.symbol + symbol, last.start_s, max(end, last.end_s), last.stressed))
        else:
            merged.append(Phoneme(symbol, start, max(end, start), stressed and bool(symbol)))
            stressed = False
    return tuple(_without_doubles(merged))


def _symbol(name: str) -> str | None:
    """The sound in a name: "" for a pause and for a mark that holds, None for a mark of stress."""
    if name.startswith("("):  # (en): the language changes
        return ""
    rest = "".join(c for c in name if c not in _STRESS)
    if name and not rest:
        return None
    return "".join(c for c in rest if c not in _HOLDS and c not in _PAUSES)


def _holds(name: str) -> bool:
    return name.startswith("(") or (name != "" and all(c in _HOLDS for c in name))


def _joins(symbol: str, merged: list[Phoneme]) -> bool:
    """Whether it is part of the sound before: an accent or a small letter on it, or the second half behind a tie."""
    if not symbol or not merged or not merged[-1].symbol:
        return False
    if merged[-1].symbol.endswith(_TIE):
        return True
    return all(unicodedata.category(c) in ("Mn", "Lm", "Sk") for c in symbol)


def _without_doubles(phonemes: list[Phoneme]) -> Iterable[Phoneme]:
    """Neighbouring pauses as one, none without length."""
    pause: Phoneme | None = None
    for phoneme in phonemes:
        if not phoneme.symbol:
            pause = Phoneme("", pause.start_s if pause else phoneme.start_s, phoneme.end_s)
            continue
        if pause is not None and pause.end_s > pause.start_s:
            yield pause
        pause = None
        yield phoneme
    if pause is not None and pause.end_s > pause.start_s:
        yield pause
