"""The real questions, asked of the machine that runs the tests."""

from __future__ import annotations

import sys
import time

import pytest

from avatard.doctor import questions
from avatard.doctor.questions import Answer, import_problem, installed, network_ms, package_folder, run


def test_packages_are_found_without_importing_them() -> None:
    assert "numpy" in installed()
    assert package_folder("mediapipe") is not None
    assert package_folder("no_such_package") is None
    assert package_folder("json.no_such") is None


def test_an_import_says_what_is_wrong() -> None:
    assert import_problem("json") == ""
    assert "no_such_module" in import_problem("no_such_module")


def test_a_program_answers() -> None:
    assert run(sys.executable, "-c", "print('yes'); exit(3)") == Answer(3, "yes")
    assert run("no-such-program-here") == Answer(127, "")


def test_a_program_that_hangs_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions, "COMMAND_S", 0.2)
    started = time.monotonic()

    assert run(sys.executable, "-c", "import time; time.sleep(60)").code == 124
    assert time.monotonic() - started < 30


def test_the_shipped_network_runs_on_this_machine() -> None:
    assert network_ms("cpu") > 0
