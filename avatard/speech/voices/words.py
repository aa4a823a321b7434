"""When each word of a clause sounds, from where the engine says that words begin."""

# ruff: noqa: RUF001 (the marks are those of other scripts)
from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from avatard.utterance import Phoneme, Word

#: What is written between spaces: "$1,234.50" is one word, whatever the engine makes of it.
_TOKEN: Final = re.compile(r"\S+")
#: Marks around a word that are not highlighted with it.
_AROUND: Final = "\"'“”„‚‘’«»‹›()[]{}<>.,;:!?…¡¿、。，！？；：「」『』（）،؛؟۔।—–-"
#: Scripts without spaces between words: Thai to Myanmar, Khmer, kana and Han.
_UNSPACED: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]"
)


def place(
    text: str, begins: Iterable[tuple[int, int, float]], phonemes: Sequence[Phoneme], seconds: float
) -> tuple[Word, ...]:
    """Words of `text`, in order, from the engine's (first, last, start in seconds).

    A word is what stands between spaces, without the marks around it; in scripts that write none, what the engine
    takes for one. It ends with its last sound.
    """
    tokens = [match.span() for match in _TOKEN.finditer(text)]
    starts: list[tuple[int, int, float]] = []
    reached = 0  # engines say parts of numbers out of order: a word counts once, and time only goes on
    at_s = 0.0
    for first, last, start in begins:
        span = _span(text, tokens, first, last)
        if span is None or span[0] < reached:
            continue
        at_s = min(max(start, at_s), seconds)
        starts.append((*span, at_s))
        reached = span[1]
    ends = [*(start for _, _, start in starts[1:]), seconds]
    return tuple(
        Word(first, last, start, _end(phonemes, start, end))
        for (first, last, start), end in zip(starts, ends, strict=False)
    )


def _span(text: str, tokens: Sequence[tuple[int, int]], first: int, last: int) -> tuple[int, int] | None:
    """The characters of the word that the engine means, or None where there is none."""
    token = next(((a, b) for a, b in tokens if b > first), None)
    if token is None:
        return None
    a, b = token
    if _UNSPACED.search(text, a, b):
        a, b = max(a, first), min(b, max(last, first + 1))
    while a < b and text[a] in _AROUND:
        a += 1
    while a < b and text[b - 1] in _AROUND:
        b -= 1
    return (a, b) if a < b else None


def _end(phonemes: Sequence[Phoneme], start: float, end: float) -> float:
    """The end of the last sound that begins between `start` and `end`."""
    sounds = [p.end_s for p in phonemes if p.symbol and start <= p.start_s < end]
    return min(max(sounds), end) if sounds else end
