"""Where a text is cut, so that its beginning is heard before its end is made: at marks, and long runs between words."""

# ruff: noqa: RUF001 (the marks are those of other scripts)
from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

#: Ends of sentences: Latin, CJK, Arabic, Devanagari, Ethiopic, Armenian, Burmese, Khmer, Tibetan.
_ENDS: Final = ".!?…‽。！？؟۔।॥።፧։။៕།"
#: Pauses within one, and long dashes.
_PAUSES: Final = ",;:،؛、，；：፣፤፥၊—"
_CLOSERS: Final = "\"'”’»›)]}」』）"
#: Marks that need no space behind them: those scripts write none.
_TIGHT: Final = "。！？、，；：।॥።፧፣፤፥။၊៕།"
_ANY, _CLOSE = f"[{re.escape(_ENDS + _PAUSES)}]+", f"[{re.escape(_CLOSERS)}]*"
_MARK: Final = re.compile(
    rf"(?P<mark>{_ANY}{_CLOSE}(?=\s|$)|[{_TIGHT}]+{_CLOSE})|(?P<line>[\n\r\u2028\u2029])|\s[–-]+(?=\s)"
)
#: Words that end in a dot and go on: in the languages that most voices speak.
_ABBREVIATIONS: Final = (
    "mr mrs ms dr prof st sr jr vs etc e.g i.e eg ie cf approx dept est inc ltd corp ave blvd "
    "capt lt sgt rev hon rt ca bzw usw z.b d.h u.a s.o s.u hr fr frl str tel evtl ggf inkl zzgl bd "
    "m mme mlle p.ex sra dra ud uds sig dott avv sig.ra p.es ecc dhr mevr nl bijv enz"
)
ABBREVIATIONS: Final = frozenset(_ABBREVIATIONS.split())
#: Those that do so before a number alone: "No." is mostly a whole sentence.
_BEFORE_NUMBERS: Final = frozenset({"no", "nos", "nr", "fig", "vol", "pp", "art", "abs", "ca"})
#: No abbreviation is longer.
_LONGEST_SHORT: Final = 20
#: Words before which a phrase can be parted and still sound like one.
_PARTERS: Final = (
    "and but or because so that which who when where while if as than to for with without from into about in at by "
    "und aber oder denn dass weil wenn als wie mit ohne für zu in auf bei "
    "et mais ou que qui quand pour avec sans dans sur par y pero o porque cuando para con sin en por "
    "e ma che quando per con senza da"
)
_JOINTS: Final = frozenset(_PARTERS.split())
#: What is too long is cut at this share of the limit: what is left shall not be a single word.
_TARGET: Final = 0.75
#: A space to cut at is looked for in the last half before that.
_EARLIEST: Final = 0.5


@dataclass(frozen=True, slots=True)
class Lengths:
    """How long clauses may be, in characters.

    first: the first one, which somebody waits for. most: any. grow: a later one has at most so many times what was
    said before it, else there would be silence until it is made. pause: from which length on a comma ends one; what
    is too long is cut at a comma all the same.
    """

    first: int = 200
    most: int = 300
    grow: int = 3
    pause: int = 1


def split(text: str, lengths: Lengths, abbreviations: Collection[str] = frozenset()) -> Iterator[tuple[int, int]]:
    """The clauses of `text` as (first, last), in order; spaces between them are left out.

    A clause ends at a mark, or, where none comes soon enough, between words, or (in scripts without spaces) between
    letters. abbreviations: lower-case words of the user's, without their last dot, after which it goes on.
    Takes no memory in the text's length.
    """
    start = said = pause = 0
    for end, is_pause in _marks(text, abbreviations):
        while end - start > (limit := _limit(lengths, said)):
            cut = pause if pause > start else _between_words(text, start, start + int(_TARGET * limit))
            for clause in _trimmed(text, start, cut):
                said += clause[1] - clause[0]
                yield clause
            start = cut
        if is_pause and end - start < lengths.pause:
            pause = end
            continue
        for clause in _trimmed(text, start, end):
            said += clause[1] - clause[0]
            yield clause
        start = end


def _limit(lengths: Lengths, said: int) -> int:
    """How long the next clause may be behind `said` characters."""
    return min(max(lengths.first, lengths.grow * said), lengths.most)


def _marks(text: str, abbreviations: Collection[str]) -> Iterator[tuple[int, bool]]:
    """Where a clause could end, and whether that is but a pause; the end of the text last."""
    for match in _MARK.finditer(text):
        mark = match["mark"] or ""
        if mark == "." and _goes_on(text, match.start(), abbreviations):
            continue
        yield match.end(), not (match["line"] or any(c in _ENDS for c in mark))
    yield len(text), False


def _goes_on(text: str, dot: int, abbreviations: Collection[str]) -> bool:
    """Whether the dot ends no sentence."""
    start = dot
    while start > 0 and dot - start < _LONGEST_SHORT and not text[start - 1].isspace():
        start -= 1
    word = text[start:dot].lstrip("([{\"'“„«").lower()
    if word in ABBREVIATIONS or word in abbreviations or (len(word) == 1 and word.isalpha()):
        return True
    behind = text[dot + 1 : dot + 9].lstrip()[:1]
    if word in _BEFORE_NUMBERS:
        return behind.isdigit()
    # "2. mai", "at 9 a.m. today"; many type all in small letters, so a small one alone says nothing.
    return behind.islower() and ("." in word or word[-1:].isdigit())


def _between_words(text: str, start: int, limit: int) -> int:
    """Where to cut before `limit`: at the last space, else between two letters that stand apart."""
    spaces = [i for i in range(limit, start + int((limit - start) * _EARLIEST), -1) if text[i].isspace()]
    for i in spaces:
        if text[i + 1 : i + 12].partition(" ")[0].lower() in _JOINTS:
            return i
    if spaces:
        return spaces[0]
    cut = limit
    while cut > start + 1 and _clings(text[cut - 1], text[cut]):
        cut -= 1
    return cut if cut > start + 1 else limit


def _clings(before: str, after: str) -> bool:
    """Whether a cut between the two would tear one letter, or one number, apart."""
    if "\u200d" in (before, after) or unicodedata.category(after) in ("Mn", "Mc", "Me", "Sk", "Cf"):
        return True
    return before.isdigit() and after.isdigit()


def _trimmed(text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    """The stretch without the spaces around it; nothing where there is nothing to say in it."""
    while first < last and text[first].isspace():
        first += 1
    while first < last and text[last - 1].isspace():
        last -= 1
    if any(c.isalnum() or unicodedata.category(c)[0] == "S" for c in text[first:last]):
        yield first, last
