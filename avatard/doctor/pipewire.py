"""PipeWire: what `--sink pipewire` gives its camera to, and what browsers in a sandbox take theirs from."""

from __future__ import annotations

from collections.abc import Iterator

from avatard.doctor.distribution import Wanted, install
from avatard.doctor.finding import Finding, Level
from avatard.doctor.system import System
from avatard.errors import SinkError
from avatard.output.pipewire_session import is_running

CHECK = "pipewire"
#: Who links a camera to its readers. Names are cut to 15 characters by the kernel.
MANAGERS = ("wireplumber", "pipewire-media-")


def check_pipewire(system: System) -> Iterator[Finding]:
    """Linux only: the daemon of this session, its session manager, and the library that our sink calls."""
    if system.platform != "linux":
        return
    needed = system.wants("pipewire")
    bad = Level.FAIL if needed else Level.WARN
    if not is_running(system.env, system.root):
        yield _not_running(system, needed)
        return
    manager = next((name for name in system.commands().values() if name in MANAGERS), "")
    if not manager:
        text = "runs, but no session manager: no program sees a camera through it"
        fix = "systemctl --user enable --now wireplumber"
        if not (system.root / "usr/bin/wireplumber").exists():
            fix = f"{install(system, Wanted.PIPEWIRE)}\n{fix}"
        yield Finding(CHECK, bad, text, fix, error=SinkError)
        return
    problem = system.pipewire_problem()
    if problem and needed:
        yield Finding(CHECK, Level.FAIL, problem, install(system, Wanted.PIPEWIRE), error=SinkError)
        return
    version = system.run("pipewire", "--version").out.rpartition(" ")[2]
    yield Finding(CHECK, Level.OK, f"{version or 'runs'}, with {manager.rstrip('-')}")


def _not_running(system: System, needed: bool) -> Finding:
    installed = (system.root / "usr/bin/pipewire").exists()
    text = "not running in this session" if installed else "not installed"
    if not needed:
        return Finding(CHECK, Level.OK, f"{text}; needed for --sink pipewire and browsers in a sandbox alone")
    fix = "systemctl --user enable --now pipewire.socket wireplumber"
    if not installed:
        fix = f"{install(system, Wanted.PIPEWIRE)}\n{fix}"
    return Finding(CHECK, Level.FAIL, text, fix, error=SinkError)
