"""The real questions, asked of the machine that runs the tests."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from avatard.doctor import questions
from avatard.doctor.questions import (
    Answer,
    groups,
    import_problem,
    installed,
    load,
    network_ms,
    package_folder,
    pipewire_problem,
    run,
)
from avatard.errors import SinkError


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


@pytest.mark.parametrize("there", [True, False])
def test_pipewires_library(there: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def library() -> None:
        if not there:
            raise SinkError("PipeWire is not installed", "sudo apt install pipewire")

    monkeypatch.setattr("avatard.output.pipewire_library.library", library)

    assert pipewire_problem() == ("" if there else "PipeWire is not installed")


def test_the_load_is_a_number() -> None:
    assert load() >= 0


def test_the_groups_are_this_process_s() -> None:
    assert groups() == (frozenset(os.getgroups()) if hasattr(os, "getgroups") else frozenset())


def test_a_program_that_cannot_be_started_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken").write_bytes(b"\x7fELF no program")
    (tmp_path / "broken").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert run("broken") == Answer(127, "")
