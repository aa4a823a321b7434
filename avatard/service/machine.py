"""The machine that a service is set up on: real, or laid out by a test."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import platformdirs

from avatard import programs
from avatard.errors import ServiceError
from avatard.programs import Answer, Run

#: systemctl waits for a service to be ready: the unit's TimeoutStartSec, and a bit.
COMMAND_S: Final = 90.0


def run(*command: str) -> Answer:
    """Run a program and wait for it: what it printed, errors and all."""
    return programs.run(*command, timeout_s=COMMAND_S, errors=True)


def installed_program() -> Path | None:
    """The `avatard` that belongs to this very Python; None where it was not installed as a program."""
    beside = Path(sys.executable).parent / "avatard"
    if beside.is_file():
        return beside
    found = shutil.which("avatard")
    return Path(found) if found else None


@dataclass(frozen=True)
class Machine:
    """What setting up a service asks of its machine. The defaults are this one."""

    root: Path = Path("/")
    platform: str = sys.platform
    is_root: bool = field(default_factory=lambda: hasattr(os, "getuid") and os.getuid() == 0)
    program: Path | None = field(default_factory=installed_program)
    python: Path = Path(sys.base_prefix)
    user_units: Path = field(default_factory=lambda: platformdirs.user_config_path("systemd") / "user")
    run: Run = run

    @property
    def has_gpu(self) -> bool:
        """Whether an NVIDIA driver is loaded."""
        return (self.root / "dev/nvidiactl").exists()

    def require_systemd(self) -> None:
        """Raise ServiceError where systemd does not run the machine."""
        if self.platform != "linux":
            raise ServiceError(
                "`avatard service` is for Linux with systemd",
                "Start avatard at login by this system's own means: docs/start-at-login.md has the lines to paste.",
            )
        if not (self.root / "run/systemd/system").is_dir():  # as sd_booted(3) does
            raise ServiceError(
                "systemd does not run this machine",
                "Start avatard with your session instead, by its autostart settings: avatard up",
            )

    def require_program(self) -> Path:
        """The program a unit starts. Raises ServiceError where avatard is not installed as one."""
        if self.program is None:
            raise ServiceError("avatard is not installed as a program", "pipx install avatard   # or: pip install .")
        return self.program
