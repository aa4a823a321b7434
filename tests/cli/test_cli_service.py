"""`avatard service` on laid-out machines; nothing of this machine is read or run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from avatard.cli.group import cli
from avatard.programs import Answer
from avatard.service import machine as machine_module
from avatard.service.machine import Machine
from tests.service.laid_out import Runner, machine
from tests.service.test_state import RUNNING


@pytest.fixture
def runner() -> Runner:
    return Runner()


@pytest.fixture
def here(tmp_path: Path, runner: Runner, monkeypatch: pytest.MonkeyPatch) -> Machine:
    here = machine(tmp_path, runner)
    monkeypatch.setattr(machine_module, "Machine", lambda: here)
    return here


def test_install_then_status_then_remove(here: Machine, runner: Runner) -> None:
    done = CliRunner().invoke(cli, ["service", "install"])
    assert done.exit_code == 0, done.output
    assert "wrote /home/u/.config/systemd/user/avatard.service" in done.output
    runner.answers["show"] = Answer(0, RUNNING)
    done = CliRunner().invoke(cli, ["service", "status"])
    assert done.exit_code == 0, done.output
    assert "active: mira: live; starts at login, started again 2 times" in done.output
    assert "avatard.service: as installed" in done.output
    done = CliRunner().invoke(cli, ["service", "remove"])
    assert "removed /home/u/.config/systemd/user/avatard.service" in done.output


def test_status_without_a_service_says_how_to_have_one(here: Machine, runner: Runner) -> None:
    runner.answers["show"] = Answer(0, "LoadState=not-found")
    done = CliRunner().invoke(cli, ["service", "status"])
    assert done.exit_code == 18
    assert "avatard service install --system" in done.output


def test_status_says_why_it_failed(here: Machine, runner: Runner) -> None:
    runner.answers["show"] = Answer(
        0, "LoadState=loaded\nActiveState=failed\nResult=exit-code\nExecMainStatus=12\nUnitFileState=enabled"
    )
    done = CliRunner().invoke(cli, ["service", "status"])
    assert "failed (exit-code, exit code 12); starts at login" in done.output


def test_status_for_programs(here: Machine, runner: Runner) -> None:
    runner.answers["show"] = Answer(0, RUNNING)
    status = json.loads(CliRunner().invoke(cli, ["service", "status", "--json"]).output)
    assert status["schema"] == 1
    assert status["user"]["pid"] == status["system"]["pid"] == 4711


def test_the_dry_run_needs_neither_systemd_nor_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_module, "Machine", lambda: machine(tmp_path, systemd=False))
    done = CliRunner().invoke(cli, ["service", "install", "--system", "--dry-run"])
    assert done.exit_code == 0, done.output
    assert "# /etc/systemd/system/avatard.service" in done.output
    assert "systemctl restart avatard.service" in done.output


@pytest.mark.parametrize("program", [Path("/home/u/.local/bin/avatard"), None])
@pytest.mark.parametrize("scope", ["user", "system"])
def test_what_was_set_up_is_removed_by_whatever_program_is_there_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scope: str, program: Path | None
) -> None:
    """It need not be one that such a service could start, and the GPU need not be there any more."""
    option = ["--system"] if scope == "system" else []
    monkeypatch.setattr(machine_module, "Machine", lambda: machine(tmp_path, is_root=True, gpu=True))
    assert CliRunner().invoke(cli, ["service", "install", *option]).exit_code == 0
    assert len(list(tmp_path.rglob("gpu.conf"))) == 1
    (tmp_path / "dev/nvidiactl").unlink()

    monkeypatch.setattr(machine_module, "Machine", lambda: machine(tmp_path, is_root=True, program=program))
    done = CliRunner().invoke(cli, ["service", "remove", *option])
    assert done.exit_code == 0, done.output
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_whoever_may_not_remove_it_hears_how(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_module, "Machine", lambda: machine(tmp_path))
    done = CliRunner().invoke(cli, ["service", "remove", "--system"])
    assert done.exit_code == 19
    assert "sudo /opt/avatard/bin/avatard service remove --system" in done.output


def test_without_systemd_it_exits_with_its_own_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_module, "Machine", lambda: machine(tmp_path, systemd=False))
    for command in ("install", "remove", "status"):
        done = CliRunner().invoke(cli, ["service", command])
        assert done.exit_code == 19, done.output
        assert "systemd does not run this machine" in done.output
