"""Which files and commands a service takes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from avatard.errors import ServiceError
from avatard.service.machine import Machine
from avatard.service.owned import OwnedFile
from avatard.video_devices import INSTALL_LOOPBACK

Scope = Literal["user", "system"]

UNIT: Final = "avatard.service"
SYSTEM_UNIT: Final = Path("/etc/systemd/system") / UNIT

_SHIPPED: Final = Path(__file__).parent / "systemd"
_CHECKOUT: Final = Path(__file__).parents[2] / "systemd"

#: What makes the virtual camera be there from boot on, in either scope; root writes it.
_DEVICE: Final = {
    Path("/etc/modules-load.d/avatard.conf"): "modules-load.d/avatard.conf",
    Path("/etc/modprobe.d/avatard.conf"): "modprobe.d/avatard.conf",
    Path("/etc/udev/rules.d/70-avatard.rules"): "udev/70-avatard.rules",
}


@dataclass(frozen=True, slots=True)
class Command:
    """One to be run. `hint`: what to do where it fails; where `optional` that is no reason to stop."""

    words: tuple[str, ...]
    hint: str = ""
    optional: bool = False

    def __str__(self) -> str:
        return " ".join(self.words)


@dataclass(frozen=True, slots=True)
class Plan:
    """What setting a service up takes, in order, and what takes it away again.

    device: files of the virtual camera, which only root may write: the system's plan has them among its own.
    """

    scope: Scope
    files: tuple[OwnedFile, ...]
    device: tuple[OwnedFile, ...]
    set_up: tuple[Command, ...]
    start: tuple[Command, ...]
    stop: tuple[Command, ...]
    clean_up: tuple[Command, ...]


def plan_of(scope: Scope, machine: Machine, *, removing: bool = False) -> Plan:
    """The plan of a scope. Raises ServiceError for a program that such a service could not start.

    removing: what a service may have been set up with, whatever this program and this machine are by now.
    """
    if not removing:
        _require_startable(scope, machine)
    with_gpu = removing or machine.has_gpu
    return _system(machine, with_gpu) if scope == "system" else _user(machine, with_gpu)


def device_commands() -> tuple[Command, ...]:
    """What makes the device files count now, and not only after the next boot."""
    return (
        Command(("udevadm", "control", "--reload"), optional=True),
        Command(("modprobe", "v4l2loopback"), INSTALL_LOOPBACK, optional=True),
        Command(("udevadm", "trigger", "--subsystem-match=video4linux"), optional=True),
    )


def _require_startable(scope: Scope, machine: Machine) -> None:
    program = machine.require_program()
    for place in (program, machine.python) if scope == "system" else ():
        if place.is_relative_to("/home") or place.is_relative_to("/root"):
            raise ServiceError(
                f"the system service sees no home folder, and {place} is in one",
                "Install avatard for the whole machine, and run this again with that one:\n"
                "sudo /usr/bin/python3 -m venv /opt/avatard && sudo /opt/avatard/bin/pip install .\n"
                "sudo /opt/avatard/bin/avatard service install --system",
            )


def _user(machine: Machine, with_gpu: bool) -> Plan:
    files = [OwnedFile(machine.user_units / UNIT, _unit("avatard.service", machine.program))]
    if with_gpu:
        files.append(OwnedFile(machine.user_units / f"{UNIT}.d/gpu.conf", _text("avatard.service.d/gpu.conf")))
    systemctl = ("systemctl", "--user")
    no_session = "Is this a login session? For a user without one: sudo loginctl enable-linger $USER"
    return Plan(
        "user",
        tuple(files),
        tuple(OwnedFile(path, _text(name)) for path, name in _DEVICE.items()),
        (Command((*systemctl, "daemon-reload"), no_session), Command((*systemctl, "enable", UNIT))),
        (Command((*systemctl, "restart", UNIT), f"journalctl --user -u {UNIT} -n 50   # says why"),),
        (Command((*systemctl, "disable", "--now", UNIT), optional=True),),
        (Command((*systemctl, "daemon-reload"), optional=True),),
    )


def _system(machine: Machine, with_gpu: bool) -> Plan:
    files = [
        OwnedFile(Path("/etc/sysusers.d/avatard.conf"), _text("sysusers.d/avatard.conf")),
        *(OwnedFile(path, _text(name)) for path, name in _DEVICE.items()),
        OwnedFile(SYSTEM_UNIT, _unit("system/avatard.service", machine.program)),
    ]
    if with_gpu:
        files.append(
            OwnedFile(SYSTEM_UNIT.with_name(f"{UNIT}.d") / "gpu.conf", _text("system/avatard.service.d/gpu.conf"))
        )
    return Plan(
        "system",
        tuple(files),
        (),
        (
            Command(("systemd-sysusers", "/etc/sysusers.d/avatard.conf")),
            *device_commands(),
            Command(("systemctl", "daemon-reload")),
            Command(("systemctl", "enable", UNIT)),
        ),
        (Command(("systemctl", "restart", UNIT), f"journalctl -u {UNIT} -n 50   # says why"),),
        (Command(("systemctl", "disable", "--now", UNIT), optional=True),),
        (Command(("systemctl", "daemon-reload"), optional=True), *device_commands()[:1]),
    )


def _text(name: str) -> str:
    folder = _SHIPPED if _SHIPPED.is_dir() else _CHECKOUT
    return (folder / name).read_text(encoding="utf-8")


def _unit(name: str, program: Path | None) -> str:
    """The shipped unit, with this program in the place of the usual one."""
    if program is None:
        return _text(name)
    lines = _text(name).splitlines(keepends=True)
    return "".join(f"ExecStart={_word(program)} up\n" if line.startswith("ExecStart=") else line for line in lines)


def _word(path: Path) -> str:
    """A path as one word of a command line in a unit: systemd.service(5)."""
    escaped = str(path).replace("\\", "\\\\").replace("%", "%%").replace("$", "$$").replace('"', '\\"')
    return f'"{escaped}"' if any(c in escaped for c in " \t\"'\\;") else escaped
