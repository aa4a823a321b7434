from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

from avatard.doctor import CHECKS, Finding, Level, System, examine, exit_code
from avatard.errors import SinkError, SourceError
from avatard.programs import Answer
from avatard.v4l2_fake import FakeDevice
from tests.doctor.machine import machine


def check_healthy(system: System) -> Iterator[Finding]:
    yield Finding("healthy", Level.OK, "well")


def check_wrong_one(system: System) -> Iterator[Finding]:
    yield Finding("wrong", Level.OK, "so far so good")
    raise KeyError("formats")


def test_a_bug_in_a_check_is_a_finding_and_costs_no_other(tmp_path: Path) -> None:
    findings = list(examine(machine(tmp_path), (check_wrong_one, check_healthy)))

    assert [(finding.check, finding.level) for finding in findings] == [
        ("wrong", Level.OK),
        ("wrong one", Level.BUG),
        ("healthy", Level.OK),
    ]
    assert "KeyError: 'formats' (test_examination.py:" in findings[1].text
    assert exit_code(findings) == 1


def test_a_check_that_hangs_is_left_behind(tmp_path: Path) -> None:
    released = threading.Event()

    def check_stuck_driver(system: System) -> Iterator[Finding]:
        released.wait(60)
        yield from ()

    stuck, healthy = examine(machine(tmp_path), (check_stuck_driver, check_healthy), limit_s=0.1)
    released.set()

    assert (stuck.check, stuck.level, stuck.text) == ("stuck driver", Level.WARN, "did not answer in time")
    assert healthy.level is Level.OK


def test_exit_code_is_the_first_failures() -> None:
    warning, bug = Finding("a", Level.WARN, ""), Finding("d", Level.BUG, "")
    sink, source = Finding("b", Level.FAIL, "", error=SinkError), Finding("c", Level.FAIL, "", error=SourceError)

    assert exit_code([warning]) == 0
    assert exit_code([warning, bug]) == 1
    assert exit_code([warning, bug, sink, source]) == 12


def test_a_healthy_machine_fails_at_nothing_but_what_it_lacks(tmp_path: Path) -> None:
    found = list(examine(machine(tmp_path, FakeDevice(0, "HD Webcam"))))

    assert {finding.check for finding in found if finding.level is Level.FAIL} == {"face models", "v4l2loopback"}
    assert not [finding for finding in found if finding.level is Level.BUG]


def test_every_check_is_harmless_on_every_platform(tmp_path: Path) -> None:
    for platform in ("linux", "win32", "darwin", "freebsd14"):
        found = list(examine(machine(tmp_path / platform, platform=platform)))

        assert not [finding for finding in found if finding.level is Level.BUG]
        assert found[0].check == "python"
        assert found[-1].check == "speed"


def test_every_failure_and_warning_comes_with_a_way_out(tmp_path: Path) -> None:
    bare = machine(tmp_path, packages={}, python=(3, 13), cpus=1, run=lambda *command: Answer(1, ""))
    findings = list(examine(bare))

    assert sum(finding.level is Level.FAIL for finding in findings) >= 4
    assert all(finding.fix or finding.advice for finding in findings if finding.level is not Level.OK)


def test_every_check_is_named_after_what_it_looks_at() -> None:
    assert all(check.__name__.startswith("check_") for check in CHECKS)
    assert len(set(CHECKS)) == len(CHECKS)
