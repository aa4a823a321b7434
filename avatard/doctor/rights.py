"""A device that this user may not open: which group has it, and whether the user is in it already."""

from __future__ import annotations

from pathlib import Path

from avatard.doctor.finding import Finding, Level
from avatard.doctor.system import System
from avatard.errors import AvatardError

#: The group that udev gives video devices to, in every distribution looked at.
USUAL = "video"


def no_permission(system: System, check: str, what: str, node: Path, error: type[AvatardError]) -> Finding:
    """The failure of a device node that gave EACCES. what: as the user knows it."""
    name, number, members = _group_of(system, node)
    text = f"no permission to open {what}"
    if name in ("", "root"):
        advice = "udev has not given it to a group yet; if that changes nothing, restart."
        fix = "sudo udevadm trigger --subsystem-match=video4linux"
        return Finding(check, Level.FAIL, text, f"{fix}\nsudo usermod -aG {USUAL} $USER", advice, error)
    if number in system.groups:
        advice = f"Its group {name} is yours, but may not open it."
        return Finding(check, Level.FAIL, text, f"sudo chmod g+rw {node}", advice, error)
    if system.env.get("USER") in members:
        advice = f"You are in the group {name}, but this session began before: log out and in again."
        return Finding(check, Level.FAIL, text, f"newgrp {name}   # for this terminal alone", advice, error)
    return Finding(check, Level.FAIL, text, f"sudo usermod -aG {name} $USER", "Then log out and in again.", error)


def _group_of(system: System, node: Path) -> tuple[str, int, list[str]]:
    """Name, number and members of the group that the node belongs to; the name "" where /etc/group lacks it."""
    try:
        number = node.stat().st_gid
    except OSError:
        return USUAL, -1, []
    for line in system.text("etc/group").splitlines():
        name, _password, entry, members = [*line.split(":"), "", "", ""][:4]
        if entry == str(number):
            return name, number, members.split(",")
    return "", number, []
