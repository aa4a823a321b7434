from __future__ import annotations

from pathlib import Path

import pytest

from avatard.doctor.finding import Level
from avatard.doctor.service import check_service
from avatard.programs import Answer
from tests.doctor.machine import answers, machine, only

USER = "systemctl --user show avatard.service"
SYSTEM = "systemctl show avatard.service"
LOADED = "LoadState=loaded\nActiveState=active\nUnitFileState=enabled\nNRestarts=0"


@pytest.mark.parametrize(
    ("answer", "level", "words", "fix"),
    [
        (Answer(127, ""), Level.OK, "not set up", ""),
        (Answer(1, "Failed to connect to bus"), Level.OK, "not set up", ""),
        (Answer(0, "LoadState=not-found\nActiveState=inactive"), Level.OK, "not set up", ""),
        (Answer(0, LOADED), Level.OK, "the user's unit: active, starts at login", ""),
        (Answer(0, "LoadState=loaded\nActiveState=inactive"), Level.OK, "inactive, does not start at login", ""),
        (
            Answer(0, "LoadState=loaded\nActiveState=failed\nResult=exit-code\nExecMainStatus=12"),
            Level.WARN,
            "exit code 12",
            "journalctl --user -u avatard.service -n 50   # says why\nsystemctl --user restart avatard.service",
        ),
        (Answer(0, "LoadState=bad-setting"), Level.WARN, "is bad-setting", "systemctl --user cat avatard.service"),
        (Answer(0, f"{LOADED}\nNeedDaemonReload=yes"), Level.WARN, "has changed", "systemctl --user daemon-reload"),
        (Answer(0, f"{LOADED}\nNRestarts=3"), Level.WARN, "started anew 3 times", "journalctl --user -u avatard"),
    ],
)
def test_the_users_unit(tmp_path: Path, answer: Answer, level: Level, words: str, fix: str) -> None:
    finding = only(check_service, machine(tmp_path, run=answers({USER: answer})))

    assert finding.level is level
    assert words in finding.text
    assert finding.fix.startswith(fix)


def test_the_systems_unit(tmp_path: Path) -> None:
    failed = Answer(0, "LoadState=loaded\nActiveState=failed\nResult=watchdog\nExecMainStatus=6")
    finding = only(check_service, machine(tmp_path, run=answers({SYSTEM: failed})))

    assert finding.text == "the system's unit failed (watchdog, exit code 6)"
    assert finding.fix.endswith("sudo systemctl restart avatard.service")


def test_one_that_runs_now(tmp_path: Path) -> None:
    system = machine(tmp_path, daemon=lambda: {"version": "0.1.0", "pid": 77, "state": "live"})

    assert only(check_service, system).text == "avatard 0.1.0 runs (pid 77): live"


@pytest.mark.parametrize(("platform", "program"), [("win32", "schtasks"), ("darwin", "launchctl")])
@pytest.mark.parametrize("there", [True, False])
def test_elsewhere_it_starts_at_login(tmp_path: Path, platform: str, program: str, there: bool) -> None:
    run = answers({program: Answer(0, "avatard")} if there else {program: Answer(1, "")})
    finding = only(check_service, machine(tmp_path, platform=platform, run=run))

    assert (finding.text == "starts at login") == there
