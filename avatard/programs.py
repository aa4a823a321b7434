"""Other programs of the machine, asked for what they know or told to do something."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

#: A question that people wait for takes no longer; nvidia-smi has been seen to hang on a wedged driver.
QUESTION_S: Final = 2.0
#: Where root's programs are: they answer others too, but need not be on their path.
_ROOTS: Final = ("/usr/sbin", "/sbin")


@dataclass(frozen=True, slots=True)
class Answer:
    """How a program ended and what it printed, stripped; `code` 127 where it is not there, 124 where it did not end."""

    code: int
    out: str


Run: TypeAlias = Callable[..., Answer]
"""(words of a command) → its answer: `run`, or a test's."""


def run(*command: str, timeout_s: float = QUESTION_S, errors: bool = False) -> Answer:
    """Run a program in English and wait for it; nothing is raised.

    errors: `out` also has what it printed as errors, or else why it could not be run.
    """
    path = shutil.which(command[0], path=os.pathsep.join((os.environ.get("PATH", os.defpath), *_ROOTS)))
    if path is None:
        return Answer(127, f"{command[0]} is not installed" if errors else "")
    try:
        done = subprocess.run(
            [path, *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if errors else subprocess.DEVNULL,
            text=True,
            errors="replace",
            timeout=timeout_s,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        )
    except subprocess.TimeoutExpired:
        return Answer(124, f"{command[0]} did not end within {timeout_s:g} s" if errors else "")
    except OSError as e:
        return Answer(127, str(e) if errors else "")
    return Answer(done.returncode, done.stdout.strip())
