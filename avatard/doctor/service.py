"""The systemd user service."""

from __future__ import annotations

from collections.abc import Iterator

from avatard.doctor.finding import Finding, Level
from avatard.doctor.system import System

UNIT = "avatard.service"


def check_service(system: System) -> Iterator[Finding]:
    """Whether it is set up, and how it is."""
    if system.platform != "linux":
        return
    state = _state(system)
    if not state or state.get("LoadState") == "not-found":
        yield Finding("service", Level.OK, "not set up; avatard runs while `avatard up` does")
    elif state.get("ActiveState") == "failed":
        yield Finding(
            "service",
            Level.WARN,
            f"failed ({state.get('Result', 'unknown')}, exit code {state.get('ExecMainStatus', '?')})",
            f"journalctl --user -u {UNIT} -n 50   # says why\nsystemctl --user restart {UNIT}",
        )
    else:
        enabled = "starts at login" if state.get("UnitFileState") == "enabled" else "does not start at login"
        yield Finding("service", Level.OK, f"{state.get('ActiveState', 'unknown')}, {enabled}")


def _state(system: System) -> dict[str, str]:
    """What systemd says of the unit; empty where there is no systemd for users."""
    properties = "LoadState,ActiveState,UnitFileState,Result,ExecMainStatus"
    answer = system.run("systemctl", "--user", "show", UNIT, f"--property={properties}")
    if answer.code:
        return {}
    return dict(line.split("=", 1) for line in answer.out.splitlines() if "=" in line)
