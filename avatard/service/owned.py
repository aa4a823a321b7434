"""Files that avatard writes outside its own folders, and leaves alone once somebody has changed them.

The last line holds the hash of those before it: a file that no longer fits its hash, or has none, is somebody's own.
"""

from __future__ import annotations

import enum
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from avatard.errors import ServiceError
from avatard.whole_file import write_whole

_STAMP: Final = "# Written by `avatard service install`; once changed it is left alone. sha256 {}\n"
_STAMPED: Final = re.compile(r"(?s)(.*)" + re.escape(_STAMP).replace(r"\{\}", "([0-9a-f]{64})"))


class Condition(enum.Enum):
    """How a file stands."""

    ABSENT = "not there"
    CURRENT = "as installed"
    OLDER = "of another version"
    CHANGED = "changed by you"


@dataclass(frozen=True, slots=True)
class OwnedFile:
    """A text file, of which `#` starts comments. path: where it belongs on the machine, absolute."""

    path: Path
    text: str

    @property
    def stamped(self) -> str:
        """What is written: the text and its hash."""
        return self.text + _STAMP.format(_hash(self.text))

    def condition(self, root: Path = Path("/")) -> Condition:
        """How it stands on the machine whose files are below `root`. Raises ServiceError where it cannot be read."""
        try:
            there = self._at(root).read_text(encoding="utf-8")
        except FileNotFoundError:
            return Condition.ABSENT
        except (OSError, UnicodeDecodeError) as e:
            raise ServiceError(
                f"cannot read {self.path}: {e}", "Look at it, and remove it if it is none of yours."
            ) from e
        if there == self.stamped:
            return Condition.CURRENT
        match = _STAMPED.fullmatch(there)
        return Condition.OLDER if match and match[2] == _hash(match[1]) else Condition.CHANGED

    def write(self, root: Path = Path("/")) -> None:
        """Put it there whole, readable by all. Raises ServiceError. The caller has asked for its condition."""
        place = self._at(root)
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            write_whole(place, self.stamped.encode(), 0o644)
        except OSError as e:
            raise ServiceError(f"cannot write {self.path}: {e.strerror}", "Does its folder belong to you?") from e

    def erase(self, root: Path = Path("/")) -> None:
        """Remove it. Raises ServiceError."""
        try:
            self._at(root).unlink()
        except OSError as e:
            raise ServiceError(f"cannot remove {self.path}: {e.strerror}", f"Remove it by hand: rm {self.path}") from e

    def _at(self, root: Path) -> Path:
        return root / self.path.relative_to("/")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
