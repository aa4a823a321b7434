"""Pronunciations in IPA: which sounds there are, and how espeak-ng, which speaks its own letters, calls them."""

# ruff: noqa: RUF001 (the letters are IPA)
from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

#: IPA → espeak's name (its docs/phonemes.md): the sounds of English, and those that most of its languages share.
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
    "t@'mA:toU"
    """
    return "".join(_NAMES.get(part, "") for part in _parts(ipa))


def unknown(ipa: str) -> str:
    """The first letter in `ipa` that stands for no sound here, or ""."""
    return next((part for part in _parts(ipa) if part not in _NAMES), "")


def _parts(ipa: str) -> Iterator[str]:
    """The sounds and marks, the longest first."""
    i = 0
    while i < len(ipa):
        length = next((n for n in range(_LONGEST, 0, -1) if ipa[i : i + n] in _NAMES), 1)
        yield ipa[i : i + length]
        i += length


def bracketed(text: str, sounds: Sequence[tuple[int, int, str]]) -> tuple[str, list[int]]:
    """`text` with `sounds` (first, last, letters; in order) for its characters, in [[ ]] as espeak and Piper take them.

    Also, for each of its characters and the end, which character of `text` it stands for. Double brackets in the text
    itself are parted, or they would count as such.
    """
    parts: list[str] = []
    origin: list[int] = []
    at = 0
    for first, last, letters in (*sounds, (len(text), len(text), "")):
        for i in range(at, first):
            doubled = text[i] in "[]" and text[i + 1 : i + 2] == text[i]
            parts.append(text[i] + " " * doubled)
            origin += [i] * (1 + doubled)
        if letters:
            parts.append(f"[[{letters}]]")
            origin += [first] * len(parts[-1])
        at = last
    return "".join(parts), [*origin, len(text)]
