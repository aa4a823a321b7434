"""Doctor: looks at this machine, and says what is wrong and how to fix it.

A check is a function from a `System` to its findings, in a file named after what it looks at; it changes nothing.
`examine` runs them in the order in which a user would mend things.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from avatard.doctor import camera, loopback, models, program, provider, service, speed
from avatard.doctor.finding import Finding, Level
from avatard.doctor.system import System

__all__ = ["CHECKS", "Finding", "Level", "System", "examine", "exit_code"]

Check = Callable[[System], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (
    program.check_python,
    program.check_packages,
    models.check_models,
    camera.check_cameras,
    loopback.check_virtual_camera,
    provider.check_provider,
    speed.check_speed,
    service.check_service,
)


def examine(system: System) -> Iterator[Finding]:
    """All findings, each as soon as it is there; about three seconds in all."""
    for check in CHECKS:
        yield from check(system)


def exit_code(findings: list[Finding]) -> int:
    """0 when nothing stops avatard from working, else the code of the first failure's error."""
    return next((finding.error.exit_code for finding in findings if finding.level is Level.FAIL), 0)
