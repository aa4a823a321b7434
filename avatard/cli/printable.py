"""Words of others, such as a board's, before a terminal gets them."""

from __future__ import annotations

import unicodedata
from typing import Final

#: They have text read in another order than it stands: what is shown is then not what is there.
_ORDER: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def printable(text: str) -> str:
    """With a space for all that a terminal would obey, or could not print; line ends stay."""
    return "".join(" " if _obeyed(c) else c for c in text)


def on_one_line(text: str) -> str:
    """`printable`, without line ends."""
    return printable(text).replace("\n", " ")


def _obeyed(c: str) -> bool:
    return c in _ORDER or (c != "\n" and unicodedata.category(c) in ("Cc", "Cs"))
