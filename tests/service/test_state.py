from __future__ import annotations

from pathlib import Path

import pytest

from avatard.programs import Answer
from avatard.service import work
from avatard.service.plan import plan_of
from avatard.service.state import state_of
from tests.service.laid_out import Runner, machine

#: As systemd 252 prints it.
RUNNING = """\
Result=success
NRestarts=2
ExecMainStatus=0
MainPID=4711
StatusText=mira: live
LoadState=loaded
ActiveState=active
SubState=running
UnitFileState=enabled"""


def test_a_running_service(tmp_path: Path) -> None:
    here = machine(tmp_path, Runner(show=Answer(0, RUNNING)))
    list(work.install(plan_of("user", here), here))
    state = state_of("user", here)
    assert (state.installed, state.active, state.enabled, state.pid) == (True, "active", True, 4711)
    assert (state.restarts, state.said) == (2, "mira: live")
    assert state.files["/home/u/.config/systemd/user/avatard.service"] == "as installed"
    assert state.files["/etc/modprobe.d/avatard.conf"] == "not there"


def test_the_scopes_are_asked_apart(tmp_path: Path) -> None:
    runner = Runner()
    here = machine(tmp_path, runner)
    state_of("user", here)
    state_of("system", here)
    assert [command.startswith("systemctl --user show") for command in runner.ran] == [True, False]


def test_no_service(tmp_path: Path) -> None:
    state = state_of("user", machine(tmp_path, Runner(show=Answer(0, "LoadState=not-found\nActiveState=inactive"))))
    assert not state.installed
    assert not state.enabled


@pytest.mark.parametrize(("said", "enabled"), [("enabled", True), ("enabled-runtime", False), ("disabled", False)])
def test_what_starts_by_itself_does_so_after_each_boot(tmp_path: Path, said: str, enabled: bool) -> None:
    here = machine(tmp_path, Runner(show=Answer(0, f"LoadState=loaded\nUnitFileState={said}")))
    assert state_of("user", here).enabled is enabled


def test_no_answer_is_no_service(tmp_path: Path) -> None:
    state = state_of("user", machine(tmp_path, Runner(show=Answer(1, "Failed to connect to bus"))))
    assert (state.installed, state.active) == (False, "")


def test_a_file_that_was_changed_is_told(tmp_path: Path) -> None:
    here = machine(tmp_path, Runner(show=Answer(0, RUNNING)))
    unit = tmp_path / "home/u/.config/systemd/user/avatard.service"
    unit.parent.mkdir(parents=True)
    unit.write_text("mine")
    assert state_of("user", here).files["/home/u/.config/systemd/user/avatard.service"] == "changed by you"


def test_where_the_system_s_could_not_be_set_up_there_is_nothing_to_compare(tmp_path: Path) -> None:
    here = machine(tmp_path, Runner(show=Answer(0, RUNNING)), program=Path("/home/u/avatard"))
    assert state_of("system", here).files == {}
