"""Whether this machine keeps up."""

from __future__ import annotations

from collections.abc import Iterator

from avatard.doctor.finding import Finding, Level
from avatard.doctor.system import System
from avatard.errors import AvatardError

#: Milliseconds a picture at 1280x720 on two cores; of reenact's the network takes 14.
BUDGET_MS = {"track": 7.0, "drive": 1.0, "reenact": 20.0, "seal": 1.2}
#: With so much of a period of 1/30 s, frames are lost, or the network left out, as soon as anything else runs.
LIMIT_MS = 30.0


def check_speed(system: System) -> Iterator[Finding]:
    """Time of the stages against their budgets; a full measurement is `avatard bench`."""
    try:
        times = system.stage_times()
    except AvatardError as e:
        yield Finding("speed", Level.FAIL, f"cannot be measured: {e.message}", e.hint, type(e))
        return
    total = sum(times.values())
    text = f"{total:.1f} ms of work a picture ({', '.join(f'{name} {ms:.1f}' for name, ms in times.items())})"
    slow = [name for name, ms in times.items() if ms > BUDGET_MS[name] * 1.5]
    if total > LIMIT_MS:
        fix = "Use --engine mesh or --size 640x480, or close what keeps the processor busy."
        yield Finding("speed", Level.WARN, f"{text}: too slow for 30 pictures a second at 1280x720", fix)
    elif slow:
        yield Finding(
            "speed", Level.WARN, f"{text}; over budget: {', '.join(slow)}", "avatard bench   # measures all of it"
        )
    else:
        yield Finding("speed", Level.OK, text)
    if system.cpus < 2:
        yield Finding(
            "speed", Level.WARN, "one processor core: a call beside avatard will stutter", "Use --size 640x480."
        )
