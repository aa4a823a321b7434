"""Whether this machine keeps up."""

from __future__ import annotations

from collections.abc import Iterator

from avatard.doctor.finding import Finding, Level, mended
from avatard.doctor.system import System
from avatard.errors import AvatardError

CHECK = "speed"
#: With so much of a period of 1/30 s, frames are lost as soon as anything else runs.
LIMIT_MS = 30.0
LIGHTER = "avatard config set output.width 640\navatard config set output.height 480"


def check_speed(system: System) -> Iterator[Finding]:
    """Time of the stages against their budgets; a full measurement is `avatard bench`."""
    try:
        times = system.stage_times()
    except AvatardError as e:
        yield mended(CHECK, Level.FAIL, f"cannot be measured: {e.message}", e)
        return
    total = sum(times.values())
    text = f"{total:.1f} ms of work a picture ({', '.join(f'{name} {ms:.1f}' for name, ms in times.items())})"
    limits = system.deadlines_ms
    over = [f"{name}'s {limits[name]:g}" for name, ms in times.items() if name in limits and ms > limits[name]]
    busy = _busy(system)
    if total > LIMIT_MS:
        text = f"{text}: too slow for 30 pictures a second at 1280x720"
        yield Finding(CHECK, Level.WARN, text, "" if busy else LIGHTER, busy)
    elif over:
        text = f"{text}; over the budget: {', '.join(over)}"
        yield Finding(CHECK, Level.WARN, text, "avatard bench   # measures all of it", busy)
    else:
        yield Finding(CHECK, Level.OK, text)
    if system.cpus < 2:
        yield Finding(CHECK, Level.WARN, "one processor core: a call beside avatard will stutter", LIGHTER)


def _busy(system: System) -> str:
    """What to do first where other programs had the processor too; "" where it was free."""
    load = system.load()
    if load <= system.cpus:
        return ""
    return f"The machine is busy (load {load:.1f} on {system.cpus} cores): ask again when it is quiet."
