"""Doctor: looks at this machine, and says what is wrong and how to fix it.

A check is a function from a `System` to its findings, in a file named after what it looks at; it changes nothing.
`examine` runs them in the order in which a user would mend things.
"""

from __future__ import annotations

from avatard.doctor.examination import CHECKS, examine, exit_code
from avatard.doctor.finding import Finding, Level
from avatard.doctor.system import System

__all__ = ["CHECKS", "Finding", "Level", "System", "examine", "exit_code"]
