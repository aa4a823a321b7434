"""What a check found."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from avatard.errors import AvatardError


class Level(enum.Enum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"  #: works, with something missing or slower
    FAIL = "fail"  #: `avatard up` as configured by default does not work


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `fix`: lines to paste or one sentence; `error`: whose exit code a failure has."""

    check: str
    level: Level
    text: str
    fix: str = ""
    error: type[AvatardError] = AvatardError

    def as_dict(self) -> dict[str, str]:
        """Plain values, for JSON."""
        return {"check": self.check, "level": self.level.value, "text": self.text, "fix": self.fix}
