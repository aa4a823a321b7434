"""Which mouth shape a phoneme is said with: IPA as espeak-ng and Piper write it → the 15 visemes of Oculus."""

# ruff: noqa: RUF001 (the letters are IPA)
from __future__ import annotations

import enum
import re
import unicodedata
from functools import lru_cache
from typing import Final


class Viseme(enum.IntEnum):
    """The viseme set of Oculus Lipsync, in its order: https://developer.oculus.com (Viseme Reference)."""

    SIL = 0
    PP = 1
    FF = 2
    TH = 3
    DD = 4
    KK = 5
    CH = 6
    SS = 7
    NN = 8
    RR = 9
    AA = 10
    E = 11
    IH = 12
    OH = 13
    OU = 14


#: IPA letters by the lips and the front of the tongue, which are what is seen. Rounded front vowels are rounded first.
LETTERS: Final = {
    Viseme.PP: "pbmɓʙʘ",
    Viseme.FF: "fvʋɱⱱɸβ",
    Viseme.TH: "θð",
    Viseme.DD: "tdɾʈɖɗǀǃǂǁ",
    Viseme.KK: "kgɡxɣqhɦχʁħcɟʕɠɢʔʛʀʜʢʡçʝɧ",
    Viseme.CH: "ʃʒɕʑʂʐ",
    Viseme.SS: "sz",
    Viseme.NN: "nlŋɲɫʎɭɳɬɮʟɴɺ",
    Viseme.RR: "rɹɻɚɝɽɜ˞",
    Viseme.AA: "aɑæʌɐɒäɶ",
    Viseme.E: "eɛεəɘɞᵊ",
    Viseme.IH: "iɪjɨɯᵻɰ",
    Viseme.OH: "oɔɤœø",
    Viseme.OU: "uʊwʉʍɥɵyʏᵿ",
}
_OF: Final = {letter: viseme for viseme, letters in LETTERS.items() for letter in letters}
#: Vowels that are hardly opened.
REDUCED: Final = frozenset("əɐᵻɨᵊᵿ")
#: espeak-ng marks a change of language within a text, "(en)", among the phonemes.
_LANGUAGE: Final = re.compile(r"\([^)]*\)")


@lru_cache(maxsize=4096)
def visemes(symbol: str) -> tuple[Viseme, ...]:
    """The visemes of a phoneme, one after the other: two for a diphthong. `SIL` for ""; none for what is not known (a
    mark, a letter that is no IPA): then its neighbours fill its time."""
    if not symbol:
        return (Viseme.SIL,)
    found: list[Viseme] = []
    for letter in _letters(symbol):
        viseme = _OF.get(letter)
        if viseme is None:
            continue
        if found and found[-1] is Viseme.DD and viseme in (Viseme.CH, Viseme.SS):
            found.pop()  # an affricate has its fricative's lips from the start
        if not found or found[-1] is not viseme:
            found.append(viseme)
    return tuple(found)


def reduced(symbol: str) -> bool:
    """Whether it is a vowel that is hardly opened, such as a schwa."""
    known = [letter for letter in _letters(symbol) if letter in _OF]
    return bool(known) and REDUCED.issuperset(known)


def _letters(symbol: str) -> str:
    """Without language marks, and without what stands on or below a letter."""
    plain = unicodedata.normalize("NFD", _LANGUAGE.sub("", symbol))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
