"""Phrase boards: buttons that say or do something, kept, taken in and given out in the Open Board Format.

`board` is the model; `obf`, `obz` and `package` are the codec, pure all of them. `examine` makes sure of what came
from elsewhere, and `store` keeps it.
"""

from __future__ import annotations

from avatard.speech.boards.phrase import Phrase, find_phrase
from avatard.speech.boards.store import Added, Entry, Listing, Store

__all__ = ["Added", "Entry", "Listing", "Phrase", "Store", "find_phrase", "open_store"]


def open_store() -> Store:
    """The user's phrase boards and the shipped ones."""
    from importlib.resources import files
    from pathlib import Path

    from avatard import paths

    return Store(paths.phrases(), Path(str(files("avatard.assets"))) / "boards")
