"""IPA as espeak-ng takes it: it speaks its own letters in [[ ]], not IPA."""

# ruff: noqa: RUF001 (the letters are IPA)
from __future__ import annotations

from collections.abc import Sequence
from typing import Final

#: IPA → espeak's name of the phoneme (its docs/phonemes.md; those of English and the ones most languages share).
#: Longest first where one begins another.
_NAMES: Final = {
    "tʃ": "tS", "dʒ": "dZ", "t͡ʃ": "tS", "d͡ʒ": "dZ", "t͡s": "ts", "d͡z": "dz",
    "aɪ": "aI", "aʊ": "aU", "eɪ": "eI", "oʊ": "oU", "əʊ": "oU", "ɔɪ": "OI",
    "iː": "i:", "uː": "u:", "ɑː": "A:", "ɔː": "O:", "ɜː": "3:", "ɝ": "3:", "ɚ": "3",
    "eː": "e:", "oː": "o:", "aː": "a:", "yː": "y:", "øː": "Y:", "ɛː": "E:",
    "ɪə": "i@3", "eə": "e@", "ʊə": "U@",
    "æ": "a", "ɑ": "A:", "ɒ": "0", "ɔ": "O", "ʌ": "V", "ə": "@", "ɐ": "a#", "ɛ": "E", "ɜ": "3:", "ɪ": "I", "ʊ": "U",
    "i": "i", "u": "u", "a": "a", "e": "e", "o": "o", "y": "y", "ø": "Y", "œ": "W",
    "ɡ": "g", "g": "g", "ʃ": "S", "ʒ": "Z", "θ": "T", "ð": "D", "ŋ": "N", "ɲ": "n^", "ɾ": "*", "ɹ": "r", "r": "r",
    "ʁ": "Q", "χ": "X", "ç": "C", "ʔ": "?", "ɬ": "l#", "ʎ": "l^", "β": "B", "ɣ": "Q^",
    "b": "b", "d": "d", "f": "f", "h": "h", "j": "j", "k": "k", "l": "l", "m": "m", "n": "n", "p": "p", "s": "s",
    "t": "t", "v": "v", "w": "w", "x": "x", "z": "z",
    "ˈ": "'", "ˌ": ",", "'": "'", "ː": ":", ".": "", " ": " ", "‿": "",
}  # fmt: skip
_LONGEST: Final = max(map(len, _NAMES))


def espeak_names(ipa: str) -> str:
    """What espeak calls these sounds; one that it has no name for is left out.

    >>> espeak_names("təˈmɑːtəʊ")
    "t@m'A:toU"
    """
    names, i = [], 0
    while i < len(ipa):
        length = next((n for n in range(_LONGEST, 0, -1) if ipa[i : i + n] in _NAMES), 0)
        if length:
            names.append(_NAMES[ipa[i : i + length]])
        i += length or 1
    return "".join(names)


def with_sounds(text: str, sounds: Sequence[tuple[int, int, str]]) -> tuple[str, list[int]]:
    """`text` with its `sounds` (first, last, IPA; in order) in brackets, and for each of its characters and the end
    which character of `text` it stands for. Brackets of the text itself are parted, or they would count."""
    parts: list[str] = []
    origin: list[int] = []
    at = 0
    for first, last, ipa in (*sounds, (len(text), len(text), "")):
        for i in range(at, first):
            plain = text[i] + " " if sounds and text[i] in "[]" and text[i : i + 2] == 2 * text[i] else text[i]
            parts.append(plain)
            origin += [i] * len(plain)
        if names := espeak_names(ipa):
            marked = f"[[{names}]]"
            parts.append(marked)
            origin += [first] * len(marked)
        at = last
    return "".join(parts), [*origin, len(text)]
