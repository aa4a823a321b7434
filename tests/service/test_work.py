from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from avatard.errors import ServiceError
from avatard.programs import Answer
from avatard.service import work
from avatard.service.machine import Machine
from avatard.service.owned import Condition
from avatard.service.plan import Plan, plan_of
from tests.service.laid_out import Runner, machine

UNIT = "home/u/.config/systemd/user/avatard.service"


def conditions(plan: Plan, here: Machine) -> set[Condition]:
    return {file.condition(here.root) for file in plan.files}


def test_installing_writes_enables_and_starts(tmp_path: Path) -> None:
    runner = Runner()
    here = machine(tmp_path, runner)
    lines = list(work.install(plan_of("user", here), here))
    assert (tmp_path / UNIT).is_file()
    assert runner.ran == [
        "systemctl --user daemon-reload",
        "systemctl --user enable avatard.service",
        "systemctl --user restart avatard.service",
    ]
    assert lines[0] == f"wrote /{UNIT}"


def test_it_can_be_set_up_without_being_started(tmp_path: Path) -> None:
    runner = Runner()
    here = machine(tmp_path, runner)
    list(work.install(plan_of("user", here), here, start=False))
    assert not any("restart" in command for command in runner.ran)


def test_what_only_root_may_write_is_told_as_lines_that_do_it(tmp_path: Path) -> None:
    """They are run, with `sudo` and the files' folder replaced, and leave exactly what the system's plan would."""
    here = machine(tmp_path)
    plan = plan_of("user", here)
    (text,) = [line for line in work.install(plan, here) if "paste this" in line]
    script = text.split("\n\n", 1)[1].replace("tee /etc/", f"tee {tmp_path}/etc/")
    for file in plan.device:
        (tmp_path / file.path.relative_to("/")).parent.mkdir(parents=True)
    fakes = 'sudo() { "$@"; }; udevadm() { :; }; modprobe() { :; }\n'
    subprocess.run(["bash", "-e"], input=fakes + script, text=True, check=True, timeout=20)
    assert {file.condition(tmp_path) for file in plan.device} == {Condition.CURRENT}
    assert not any("paste" in line for line in work.install(plan, here)), "nothing is left to paste"


def test_a_second_install_changes_nothing(tmp_path: Path) -> None:
    here = machine(tmp_path)
    plan = plan_of("user", here)
    list(work.install(plan, here))
    assert next(work.install(plan, here)) == f"/{UNIT} is up to date"


def test_a_unit_of_an_older_version_is_replaced(tmp_path: Path) -> None:
    here = machine(tmp_path, program=Path("/old/avatard"))
    list(work.install(plan_of("user", here), here))
    here = machine(tmp_path)
    assert next(work.install(plan_of("user", here), here)) == f"replaced /{UNIT}"
    assert "/opt/avatard/bin/avatard" in (tmp_path / UNIT).read_text()


def test_a_unit_that_was_changed_is_kept_and_so_it_is_by_remove(tmp_path: Path) -> None:
    here = machine(tmp_path)
    plan = plan_of("user", here)
    (tmp_path / UNIT).parent.mkdir(parents=True)
    (tmp_path / UNIT).write_text("[Service]\nExecStart=/mine\n")
    assert "kept" in next(work.install(plan, here))
    assert any("kept" in line for line in work.remove(plan, here))
    assert (tmp_path / UNIT).read_text() == "[Service]\nExecStart=/mine\n"


def test_removing_stops_it_and_leaves_nothing(tmp_path: Path) -> None:
    runner = Runner()
    here = machine(tmp_path, runner, is_root=True)
    plan = plan_of("system", here)
    list(work.install(plan, here))
    runner.ran.clear()
    lines = list(work.remove(plan, here))
    assert conditions(plan, here) == {Condition.ABSENT}
    assert runner.ran[0] == "systemctl disable --now avatard.service"
    assert "systemctl daemon-reload" in runner.ran
    assert sum(line.startswith("removed") for line in lines) == len(plan.files)


def test_removing_the_user_s_says_what_stays_for_the_machine(tmp_path: Path) -> None:
    here = machine(tmp_path, is_root=True)
    list(work.install(plan_of("system", here), here))
    lines = list(work.remove(plan_of("user", here), here))
    assert "sudo rm /etc/modules-load.d/avatard.conf /etc/modprobe.d/avatard.conf" in lines[-1]


def test_the_user_s_beside_the_system_s_is_told_of(tmp_path: Path) -> None:
    here = machine(tmp_path, is_root=True)
    assert not any("service is set up too" in line for line in work.install(plan_of("user", here), here))
    list(work.install(plan_of("system", here), here))
    assert any("sudo avatard service remove --system" in line for line in work.install(plan_of("user", here), here))


def test_a_dry_run_shows_every_file_and_command_and_touches_nothing(tmp_path: Path) -> None:
    runner = Runner()
    here = machine(tmp_path, runner, is_root=True)
    plan = plan_of("system", here)
    before = sorted(tmp_path.rglob("*"))
    shown = "\n".join(work.preview(plan, here))
    assert all(file.stamped in shown and str(file.path) in shown for file in plan.files)
    assert all(str(command) in shown for command in (*plan.set_up, *plan.start))
    assert sorted(tmp_path.rglob("*")) == before
    assert runner.ran == []


def test_a_dry_run_says_what_would_be_kept(tmp_path: Path) -> None:
    here = machine(tmp_path)
    (tmp_path / UNIT).parent.mkdir(parents=True)
    (tmp_path / UNIT).write_text("mine")
    assert "would be kept: you changed it" in "\n".join(work.preview(plan_of("user", here), here))


def test_the_system_s_is_root_s(tmp_path: Path) -> None:
    here = machine(tmp_path)
    with pytest.raises(ServiceError) as caught:
        list(work.install(plan_of("system", here), here))
    assert caught.value.hint == "sudo /opt/avatard/bin/avatard service install --system"


def test_what_systemctl_refuses_is_an_error_with_its_words(tmp_path: Path) -> None:
    here = machine(tmp_path, Runner(restart=Answer(1, "Job for avatard.service failed.")))
    with pytest.raises(ServiceError, match=r"restart avatard\.service failed: Job for") as caught:
        list(work.install(plan_of("user", here), here))
    assert "journalctl --user" in caught.value.hint


def test_a_module_that_is_not_installed_does_not_stop_the_rest(tmp_path: Path) -> None:
    runner = Runner(modprobe=Answer(1, "FATAL: Module v4l2loopback not found"))
    here = machine(tmp_path, runner, is_root=True)
    lines = list(work.install(plan_of("system", here), here))
    assert any("sudo apt install v4l2loopback-dkms" in line for line in lines)
    assert runner.ran[-1] == "systemctl restart avatard.service"


@pytest.mark.parametrize(("platform", "words"), [("darwin", "Linux with systemd"), ("win32", "Linux with systemd")])
def test_other_systems_hear_where_to_look(tmp_path: Path, platform: str, words: str) -> None:
    here = machine(tmp_path, platform=platform)
    with pytest.raises(ServiceError, match=words) as caught:
        list(work.install(plan_of("user", here), here))
    assert "docs/start-at-login.md" in caught.value.hint


def test_a_linux_without_systemd_hears_what_to_do(tmp_path: Path) -> None:
    here = machine(tmp_path, systemd=False)
    with pytest.raises(ServiceError, match="systemd does not run this machine") as caught:
        list(work.remove(plan_of("user", here), here))
    assert "autostart" in caught.value.hint
