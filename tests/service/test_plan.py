from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from avatard.errors import ServiceError
from avatard.service.plan import plan_of
from tests.service.laid_out import machine


def test_the_user_s_unit_starts_the_program_that_installed_it(tmp_path: Path) -> None:
    plan = plan_of("user", machine(tmp_path))
    assert [str(file.path) for file in plan.files] == ["/home/u/.config/systemd/user/avatard.service"]
    assert "ExecStart=/opt/avatard/bin/avatard up\n" in plan.files[0].text


def test_root_s_part_of_it_is_the_virtual_camera(tmp_path: Path) -> None:
    assert [str(file.path) for file in plan_of("user", machine(tmp_path)).device] == [
        "/etc/modules-load.d/avatard.conf",
        "/etc/modprobe.d/avatard.conf",
        "/etc/udev/rules.d/70-avatard.rules",
    ]


def test_the_system_s_service_brings_all_of_it(tmp_path: Path) -> None:
    plan = plan_of("system", machine(tmp_path))
    paths = [str(file.path) for file in plan.files]
    assert paths == [
        "/etc/sysusers.d/avatard.conf",
        "/etc/modules-load.d/avatard.conf",
        "/etc/modprobe.d/avatard.conf",
        "/etc/udev/rules.d/70-avatard.rules",
        "/etc/systemd/system/avatard.service",
    ]
    assert "DevicePolicy=closed" in plan.files[-1].text
    assert str(plan.set_up[0]) == "systemd-sysusers /etc/sysusers.d/avatard.conf", "before the unit needs it"


@pytest.mark.parametrize("scope", ["user", "system"])
def test_a_gpu_brings_its_drop_in(tmp_path: Path, scope: str) -> None:
    files = plan_of(scope, machine(tmp_path, gpu=True)).files  # type: ignore[arg-type]
    assert files[-1].path.parts[-2:] == ("avatard.service.d", "gpu.conf")
    assert "MemoryDenyWriteExecute=no" in files[-1].text


@pytest.mark.parametrize(
    ("program", "line"),
    [
        ("/opt/my tools/avatard", 'ExecStart="/opt/my tools/avatard" up\n'),
        ("/opt/100%/avatard", "ExecStart=/opt/100%%/avatard up\n"),
        ("/opt/$x/avatard", "ExecStart=/opt/$$x/avatard up\n"),
        ('/opt/"q"/avatard', 'ExecStart="/opt/\\"q\\"/avatard" up\n'),
    ],
)
def test_a_path_is_one_word_of_the_unit(tmp_path: Path, program: str, line: str) -> None:
    text = plan_of("user", machine(tmp_path, program=Path(program))).files[0].text
    assert line in text
    assert text.count("ExecStart=") == 1


@pytest.mark.parametrize(
    ("program", "python"),
    [("/home/u/.local/bin/avatard", "/usr"), ("/root/venv/bin/avatard", "/usr"), ("/opt/x/avatard", "/home/u/python")],
)
def test_the_system_s_service_starts_nothing_from_a_home(tmp_path: Path, program: str, python: str) -> None:
    with pytest.raises(ServiceError, match="sees no home folder") as caught:
        plan_of("system", machine(tmp_path, program=Path(program), python=Path(python)))
    assert "/opt/avatard/bin/avatard service install --system" in caught.value.hint


def test_without_a_program_there_is_no_service(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match="not installed as a program"):
        plan_of("user", machine(tmp_path, program=None))


@pytest.mark.parametrize("scope", ["user", "system"])
def test_each_command_can_be_pasted(tmp_path: Path, scope: str) -> None:
    plan = plan_of(scope, machine(tmp_path))  # type: ignore[arg-type]
    for command in (*plan.set_up, *plan.start, *plan.stop, *plan.clean_up):
        assert tuple(shlex.split(str(command))) == command.words
