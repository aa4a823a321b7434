"""What a voice is given to say: the text without what cannot be said, and with the user's own pronunciations in it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

#: Of Unicode's categories: controls, marks of direction, halves of characters, private and unused ones.
_SILENT: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
#: They join letters in Persian and in the scripts of India.
_JOINERS: Final = frozenset("\u200c\u200d")
#: Skin colours; "emoji, please" behind a character; the cap of a keycap.
_TRIMMINGS: Final = frozenset("\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff\ufe0e\ufe0f\u20e3")


@dataclass(frozen=True, slots=True)
class Wording:
    """A clause as it is said. first, last: for each of its characters those of the original that it stands for.
    sounds: (first, last, IPA) for stretches of `text` with a pronunciation of their own."""

    text: str
    first: tuple[int, ...]
    last: tuple[int, ...]
    sounds: tuple[tuple[int, int, str], ...] = field(default=())

    def source(self, first: int, last: int) -> tuple[int, int]:
        """The characters of the original that `text[first:last]` stands for."""
        return self.first[first], self.last[last - 1]


def clean(text: str) -> Wording:
    """`text` with one space for any run of spaces and controls, letters composed (é), mathematical and full-width
    letters as plain ones, an emoji once however often it is repeated, and without what has no sound: marks of
    direction, zero-width characters, halves of characters, private ones."""
    said: list[str] = []
    first: list[int] = []
    last: list[int] = []
    for start, end, raw in _clusters(text):
        for c in _plain(raw):
            if c == " " and (not said or said[-1] == " "):
                continue
            if said and said[-1] == c and unicodedata.category(c) == "So":
                last[-1] = end
                continue
            said.append(c)
            first.append(start)
            last.append(end)
    return Wording("".join(said), tuple(first), tuple(last))


def _clusters(text: str) -> Iterator[tuple[int, int, str]]:
    """(first, last, characters) of each letter with its accents."""
    start = 0
    for i in range(1, len(text) + 1):
        if i == len(text) or not unicodedata.combining(text[i]):
            if start < i:
                yield start, i, text[start:i]
            start = i


def _plain(cluster: str) -> str:
    """A letter as voices know it: "" for one without sound, a space for what parts words."""
    if len(cluster) > 1:
        cluster = unicodedata.normalize("NFC", cluster)
        if len(cluster) > 1:  # an accent that no letter has, or a heap of them
            return _plain(cluster[0]) + "".join(c for c in cluster[1:4] if c not in _TRIMMINGS)
    if cluster.isspace() or (category := unicodedata.category(cluster)) == "Cc":
        return " "
    if cluster in _JOINERS:
        return cluster
    if cluster in _TRIMMINGS or category in _SILENT:
        return ""
    if category[0] in "LN" and len(wide := unicodedata.normalize("NFKC", cluster)) <= 3 and wide.isalnum():
        return wide
    return cluster
