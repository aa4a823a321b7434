"""What a check found."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from avatard.errors import AvatardError


class Level(enum.Enum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"  #: works, with something missing or slower
    FAIL = "fail"  #: `avatard up` as configured does not work
    BUG = "bug"  #: the check itself failed, so nothing is known


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report.

    fix: lines to paste into a shell, nothing else. advice: in words, what no line can do, or what to know.
    error: whose exit code a failure has.
    """

    check: str
    level: Level
    text: str
    fix: str = ""
    advice: str = ""
    error: type[AvatardError] = AvatardError

    def as_dict(self) -> dict[str, str]:
        """Plain values, for JSON."""
        return {
            "check": self.check,
            "level": self.level.value,
            "text": self.text,
            "fix": self.fix,
            "advice": self.advice,
        }


def mended(check: str, level: Level, text: str, e: AvatardError) -> Finding:
    """What `e` says, with its own hint and exit code."""
    return Finding(check, level, text, advice=e.hint, error=type(e))
