"""The user's own pronunciations."""

from __future__ import annotations

from collections.abc import Mapping

from avatard.speech.wording import Wording


class Pronunciations:
    """How words are to be said."""

    def __init__(self, entries: Mapping[str, str]) -> None:
        self._entries = entries
        self.abbreviations = frozenset(word[:-1].lower() for word in entries if word.endswith("."))

    @classmethod
    def of_user(cls) -> Pronunciations:
        """Those of the user's file."""
        return cls({})

    def applied(self, wording: Wording) -> Wording:
        """`wording` with them in it."""
        return wording
