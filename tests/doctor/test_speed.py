from __future__ import annotations

from pathlib import Path

import pytest

from avatard.doctor.finding import Level
from avatard.doctor.speed import check_speed
from avatard.errors import AvatarError
from tests.doctor.machine import machine, only


@pytest.mark.parametrize(
    ("times", "level", "words"),
    [
        ({"track": 5.0, "reenact": 5.0, "seal": 1.0}, Level.OK, "11.0 ms of work a picture (track 5.0, "),
        ({"track": 12.5, "reenact": 12.0, "seal": 1.0}, Level.WARN, "over the budget: track's 12, reenact's 10"),
        ({"track": 20.0, "reenact": 15.0, "seal": 3.0}, Level.WARN, "too slow for 30 pictures a second"),
    ],
)
def test_against_the_budget(tmp_path: Path, times: dict[str, float], level: Level, words: str) -> None:
    finding = only(check_speed, machine(tmp_path, stage_times=lambda: times))

    assert finding.level is level
    assert words in finding.text
    assert bool(finding.fix) == (level is Level.WARN)


def test_a_busy_machine_is_asked_again_first(tmp_path: Path) -> None:
    slow = {"track": 40.0}
    finding = only(check_speed, machine(tmp_path, stage_times=lambda: slow, load=lambda: 3.14))

    assert finding.advice == "The machine is busy (load 3.1 on 2 cores): ask again when it is quiet."
    assert not finding.fix


def test_what_cannot_be_measured_is_its_own_failure(tmp_path: Path) -> None:
    def fail() -> dict[str, float]:
        raise AvatarError("no avatar is called 'mira'", "avatard avatar list")

    finding = only(check_speed, machine(tmp_path, stage_times=fail))

    assert (finding.level, finding.error, finding.advice) == (Level.FAIL, AvatarError, "avatard avatar list")


def test_one_core_is_said(tmp_path: Path) -> None:
    assert [finding.level for finding in check_speed(machine(tmp_path, cpus=1))] == [Level.OK, Level.WARN]
