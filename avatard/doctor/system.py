"""The machine as the checks see it: real, or laid out by a test."""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from platform import release

from avatard.runtime.providers import Availability
from avatard.v4l2 import Kernel

#: No question to another program takes longer; nvidia-smi has been seen to hang on a wedged driver.
COMMAND_S = 5.0


@dataclass(frozen=True, slots=True)
class Answer:
    """How a program ended; `code` 127 when it is not there or did not answer."""

    code: int
    out: str


def run(*command: str) -> Answer:
    """Run a program and wait for it, a few seconds at most."""
    path = shutil.which(command[0])
    if path is None:
        return Answer(127, "")
    try:
        done = subprocess.run(
            [path, *command[1:]], capture_output=True, text=True, errors="replace", timeout=COMMAND_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return Answer(127, "")
    return Answer(done.returncode, done.stdout.strip())


def installed() -> dict[str, str]:
    """The installed Python packages: name in lower case → version."""
    return {
        name.lower().replace("_", "-"): distribution.version
        for distribution in importlib.metadata.distributions()
        if (name := distribution.metadata["Name"])
    }


def import_problem(module: str) -> str:
    """Why `module` cannot be imported; "" when it can."""
    try:
        importlib.import_module(module)
    except (ImportError, OSError, AttributeError, RuntimeError) as e:  # what broken wheels raise
        return str(e) or type(e).__name__
    return ""


def package_folder(package: str) -> Path | None:
    """Where an installed package lies, found without importing it."""
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return None
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def stage_times() -> dict[str, float]:
    """Milliseconds a picture by stage, measured now (about two seconds)."""
    from avatard.doctor.probe import stage_times as measure

    return measure()


def providers() -> Sequence[Availability]:
    """What could run a network, best first, and why not; about half a second."""
    from avatard.runtime.providers import ORDER, look

    return [look(name) for name in ORDER]


@dataclass(frozen=True)
class System:
    """Everything a check may ask. The defaults are this machine."""

    root: Path = Path("/")
    kernel: Kernel = field(default_factory=Kernel)
    platform: str = sys.platform
    python: tuple[int, int] = sys.version_info[:2]
    kernel_release: str = field(default_factory=release)
    cpus: int = field(default_factory=lambda: os.cpu_count() or 1)
    packages: Mapping[str, str] = field(default_factory=installed)
    package_folder: Callable[[str], Path | None] = package_folder
    import_problem: Callable[[str], str] = import_problem
    run: Callable[..., Answer] = run
    stage_times: Callable[[], dict[str, float]] = stage_times
    providers: Callable[[], Sequence[Availability]] = providers
