"""How a service stands: what systemd says of it, and its files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from avatard.errors import ServiceError
from avatard.programs import Run
from avatard.service.machine import Machine
from avatard.service.plan import UNIT, Scope, plan_of

_PROPERTIES: Final = (
    "LoadState",
    "ActiveState",
    "UnitFileState",
    "Result",
    "ExecMainStatus",
    "MainPID",
    "NRestarts",
    "NeedDaemonReload",
    "StatusText",
)


@dataclass(frozen=True, slots=True)
class State:
    """One scope's service.

    active: systemd's word (active, failed, inactive, activating); "" where systemd could not be asked.
    enabled: starts by itself. result, exit_code: of its last run. said: its own status line. files: path → condition.
    """

    scope: Scope
    installed: bool
    active: str
    enabled: bool
    result: str
    exit_code: int
    pid: int
    restarts: int
    said: str
    files: dict[str, str]


def state_of(scope: Scope, machine: Machine) -> State:
    """How the service of a scope stands."""
    said = ask(scope, machine.run)
    return State(
        scope,
        is_installed(said),
        said.get("ActiveState", ""),
        is_enabled(said),
        said.get("Result", ""),
        int(said.get("ExecMainStatus") or 0),
        int(said.get("MainPID") or 0),
        int(said.get("NRestarts") or 0),
        said.get("StatusText", ""),
        _files(scope, machine),
    )


def _files(scope: Scope, machine: Machine) -> dict[str, str]:
    try:
        plan = plan_of(scope, machine)
        return {str(file.path): file.condition(machine.root).value for file in (*plan.files, *plan.device)}
    except ServiceError:  # no service of this scope can be set up from here: then there is nothing to compare with
        return {}


def is_installed(said: Mapping[str, str]) -> bool:
    """Whether systemd, which `said` this, knows the unit."""
    return said.get("LoadState", "not-found") not in ("not-found", "")


def is_enabled(said: Mapping[str, str]) -> bool:
    """Whether the unit starts by itself; one that is "enabled-runtime" does so until the machine is shut down."""
    return said.get("UnitFileState") == "enabled"


def ask(scope: Scope, run: Run) -> dict[str, str]:
    """systemd's properties of the unit; empty where it could not be asked."""
    user = ("--user",) if scope == "user" else ()
    answer = run("systemctl", *user, "show", UNIT, f"--property={','.join(_PROPERTIES)}")
    if answer.code:
        return {}
    return dict(line.split("=", 1) for line in answer.out.splitlines() if "=" in line)
