from __future__ import annotations

from pathlib import Path

import pytest

from avatard.doctor.finding import Level
from avatard.doctor.pipewire import check_pipewire
from avatard.errors import SinkError
from avatard.programs import Answer
from tests.doctor.machine import answers, machine, only, sinks, write

WANTED = sinks("virtualcam", "pipewire")


def running(root: Path, *commands: str) -> None:
    write(root, "run/user/1000/pipewire-0")
    for pid, command in enumerate(commands, 500):
        write(root, f"proc/{pid}/comm", f"{command}\n")


def test_it_runs(tmp_path: Path) -> None:
    running(tmp_path, "bash", "pipewire", "wireplumber")
    said = Answer(0, "pipewire\nCompiled with libpipewire 0.3.65\nLinked with libpipewire 0.3.65")
    finding = only(check_pipewire, machine(tmp_path, run=answers({"pipewire --version": said})))

    assert (finding.level, finding.text) == (Level.OK, "0.3.65, with wireplumber")


def test_in_another_place(tmp_path: Path) -> None:
    write(tmp_path, "tmp/private/pipewire-7")
    write(tmp_path, "proc/9/comm", "pipewire-media-\n")
    env = {"PIPEWIRE_RUNTIME_DIR": "/tmp/private", "PIPEWIRE_REMOTE": "pipewire-7"}

    assert only(check_pipewire, machine(tmp_path, env=env)).text == "runs, with pipewire-media"


@pytest.mark.parametrize("settings", [sinks("virtualcam"), WANTED])
def test_without_a_session_manager(tmp_path: Path, settings: object) -> None:
    running(tmp_path, "pipewire")
    finding = only(check_pipewire, machine(tmp_path, settings=settings))

    assert finding.level is (Level.FAIL if settings is WANTED else Level.WARN)
    assert finding.fix == "sudo apt install pipewire wireplumber\nsystemctl --user enable --now wireplumber"


def test_the_session_manager_only_needs_a_start(tmp_path: Path) -> None:
    running(tmp_path, "pipewire")
    write(tmp_path, "usr/bin/wireplumber")

    assert only(check_pipewire, machine(tmp_path)).fix == "systemctl --user enable --now wireplumber"


def test_absent_and_not_needed(tmp_path: Path) -> None:
    finding = only(check_pipewire, machine(tmp_path))

    assert finding.level is Level.OK
    assert finding.text.startswith("not installed; needed for --sink pipewire")


@pytest.mark.parametrize("installed", [True, False])
def test_absent_but_needed(tmp_path: Path, installed: bool) -> None:
    if installed:
        write(tmp_path, "usr/bin/pipewire")
    finding = only(check_pipewire, machine(tmp_path, settings=WANTED))

    assert (finding.level, finding.error) == (Level.FAIL, SinkError)
    assert ("apt install" in finding.fix) != installed
    assert finding.fix.endswith("systemctl --user enable --now pipewire.socket wireplumber")


def test_a_library_that_does_not_load(tmp_path: Path) -> None:
    running(tmp_path, "wireplumber")
    system = machine(tmp_path, settings=WANTED, pipewire_problem=lambda: "PipeWire is not installed")

    assert only(check_pipewire, system).level is Level.FAIL


def test_nothing_elsewhere(tmp_path: Path) -> None:
    assert list(check_pipewire(machine(tmp_path, platform="win32"))) == []
