"""All checks in order, side by side, and none at another's mercy."""

from __future__ import annotations

import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from avatard.doctor import (
    browsers,
    camera,
    gpu,
    interpreter,
    models,
    module,
    network,
    obs,
    packages,
    pipewire,
    portal,
    service,
    settings,
    sound,
    speed,
    virtual_camera,
)
from avatard.doctor.finding import Finding, Level
from avatard.doctor.system import System

Check = Callable[[System], Iterable[Finding]]

CHECKS: tuple[Check, ...] = (
    interpreter.check_python,
    packages.check_packages,
    models.check_face_models,
    settings.check_settings,
    camera.check_camera,
    module.check_v4l2loopback,
    virtual_camera.check_virtual_camera,
    obs.check_obs,
    pipewire.check_pipewire,
    portal.check_camera_portal,
    browsers.check_browsers,
    sound.check_sound,
    sound.check_virtual_microphone,
    gpu.check_gpu,
    network.check_network,
    service.check_service,
    speed.check_speed,
)
#: What measures time: alone, after all others.
_ALONE: tuple[Check, ...] = (speed.check_speed,)
#: A driver that never answers an `open` must not hold the report. A disk that is asleep takes some seconds too.
LIMIT_S = 10.0
REPORT = "A bug in avatard, not in your machine: please report it."


def examine(system: System, checks: Sequence[Check] | None = None, limit_s: float = LIMIT_S) -> Iterator[Finding]:
    """All findings in the order of `CHECKS`, each as soon as it is there; about three seconds in all.

    A check that raises, or does not end within `limit_s`, is a finding itself.
    """
    wanted = CHECKS if checks is None else checks
    together = [_Look(check, system) for check in wanted if check not in _ALONE]
    for look in together:
        look.start()
    deadline = time.monotonic() + limit_s
    for look in together:
        yield from look.result(max(0.0, deadline - time.monotonic()))
    for check in wanted:
        if check in _ALONE:
            alone = _Look(check, system)
            alone.start()
            yield from alone.result(limit_s)


def exit_code(findings: Sequence[Finding]) -> int:
    """0 when nothing stops avatard from working, the code of the first failure's error, or 1 for a bug of a check."""
    failed = next((finding.error.exit_code for finding in findings if finding.level is Level.FAIL), 0)
    return failed or int(any(finding.level is Level.BUG for finding in findings))


class _Look(threading.Thread):
    """One check on a thread of its own, left behind when it hangs in a driver."""

    def __init__(self, check: Check, system: System) -> None:
        self._checked = check.__name__.removeprefix("check_").replace("_", " ")
        super().__init__(name=f"doctor: {self._checked}", daemon=True)
        self._check = check
        self._system = system
        self._findings: list[Finding] = []

    def run(self) -> None:
        found: list[Finding] = []
        try:
            found.extend(self._check(self._system))  # one by one: what it found before it failed counts
        except Exception as e:  # a bug in one check must not cost the others' findings
            found.append(self._bug(e))
        self._findings = found

    def result(self, timeout_s: float) -> list[Finding]:
        """What it found; waits at most `timeout_s` for it."""
        self.join(timeout_s)
        if not self.is_alive():
            return self._findings
        advice = "A driver or a program that it asks hangs; unplug what was plugged in last, or restart."
        return [Finding(self._checked, Level.WARN, "did not answer in time", advice=advice)]

    def _bug(self, e: Exception) -> Finding:
        place = traceback.extract_tb(e.__traceback__)[-1]
        said = f"{type(e).__name__}: {e}" if str(e) else type(e).__name__
        text = f"this check failed itself: {said} ({Path(place.filename).name}:{place.lineno})"
        return Finding(self._checked, Level.BUG, text, advice=REPORT)
