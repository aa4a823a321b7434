"""avatard that runs now, and avatard that starts by itself."""

from __future__ import annotations

from collections.abc import Iterator

from avatard.doctor.finding import Finding, Level
from avatard.doctor.system import System
from avatard.service.plan import UNIT, Scope
from avatard.service.state import ask, is_enabled, is_installed

CHECK = "service"
#: The name under which docs/start-at-login.md sets it up, on Windows and macOS alike.
LABEL = "avatard"


def check_service(system: System) -> Iterator[Finding]:
    """Whether one runs; then the user's unit and the system's, or the entry at login elsewhere."""
    running = system.daemon()
    if running is not None:
        text = f"avatard {running.get('version', '')} runs (pid {running.get('pid', '?')}): {running.get('state', '')}"
        yield Finding(CHECK, Level.OK, text)
    on_linux = system.platform == "linux"
    units = [*_unit(system, "user"), *_unit(system, "system")] if on_linux else [*_at_login(system)]
    yield from units
    if not units and running is None:
        how = "avatard service install" if on_linux else "docs/start-at-login.md has the lines"
        advice = f"To have it at login: {how}"
        yield Finding(CHECK, Level.OK, "not set up; avatard runs while `avatard up` does", advice=advice)


def _unit(system: System, scope: Scope) -> Iterator[Finding]:
    """The unit of the user's manager, or of the machine's; nothing where there is none."""
    state = ask(scope, system.run)
    if not is_installed(state):
        return
    whose, when = ("user's", "login") if scope == "user" else ("system's", "boot")
    systemctl, journal = "sudo systemctl", f"sudo journalctl -u {UNIT} -n 50"
    if scope == "user":
        systemctl, journal = "systemctl --user", f"journalctl --user -u {UNIT} -n 50"
    text = f"the {whose} unit: {state.get('ActiveState', 'unknown')}, "
    text += f"starts at {when}" if is_enabled(state) else f"does not start at {when}"
    if state["LoadState"] != "loaded":
        yield Finding(CHECK, Level.WARN, f"the {whose} unit is {state['LoadState']}", f"{systemctl} cat {UNIT}")
    elif state.get("ActiveState") == "failed":
        reason = f"{state.get('Result', 'unknown')}, exit code {state.get('ExecMainStatus', '?')}"
        fix = f"{journal}   # says why\n{systemctl} restart {UNIT}"
        yield Finding(CHECK, Level.WARN, f"the {whose} unit failed ({reason})", fix)
    elif state.get("NeedDaemonReload") == "yes":
        fix = f"{systemctl} daemon-reload\n{systemctl} restart {UNIT}"
        yield Finding(CHECK, Level.WARN, f"{text}; its file has changed since", fix)
    elif (restarts := state.get("NRestarts", "0")) not in ("", "0"):
        yield Finding(CHECK, Level.WARN, f"{text}; started anew {restarts} times", f"{journal}   # says why")
    else:
        yield Finding(CHECK, Level.OK, text)


def _at_login(system: System) -> Iterator[Finding]:
    """The Task Scheduler's entry, or launchd's."""
    question = ("schtasks", "/Query", "/TN", LABEL) if system.platform == "win32" else ("launchctl", "list", LABEL)
    if system.run(*question).code == 0:
        yield Finding(CHECK, Level.OK, "starts at login")
