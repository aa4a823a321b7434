"""Avatars: the store of portraits, shipped and the user's own.

Finding the face of a new portrait is the tracker's work and is handed in by the caller: stages do not import each
other.
"""

from __future__ import annotations

from avatard.avatars.entry import Entry
from avatard.avatars.examine import Report
from avatard.avatars.store import Listing, Store

__all__ = ["Entry", "Listing", "Report", "Store", "open_store"]


def open_store() -> Store:
    """The user's portraits and the shipped ones."""
    from importlib.resources import files
    from pathlib import Path

    from avatard import paths

    return Store(paths.avatars(), Path(str(files("avatard.assets"))) / "avatars", derived=paths.features())
