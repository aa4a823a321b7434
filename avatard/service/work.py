"""Sets a service up and takes it away, and says each thing it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, Literal

from avatard.errors import ServiceError
from avatard.service.machine import Machine
from avatard.service.owned import Condition, OwnedFile
from avatard.service.plan import SYSTEM_UNIT, Command, Plan, device_commands

REMOVE_SYSTEM: Final = "To keep your own alone: sudo avatard service remove --system"


def install(plan: Plan, machine: Machine, *, start: bool = True) -> Iterator[str]:
    """Write the files, run the commands; a line for people for each. Raises ServiceError.

    A file that was changed stays as it is, and its line says so.
    """
    _require(plan, machine, "install")
    if plan.scope == "user" and (machine.root / SYSTEM_UNIT.relative_to("/")).exists():
        yield f"The system's service is set up too, and one camera takes one avatard.\n{REMOVE_SYSTEM}"
    for file in plan.files:
        yield _put(file, machine.root)
    yield from _run((*plan.set_up, *(plan.start if start else ())), machine)
    yield from by_hand(plan, machine)


def remove(plan: Plan, machine: Machine) -> Iterator[str]:
    """Stop the service, remove its files but for what was changed; a line for each. Raises ServiceError.

    plan: one for `removing`.
    """
    _require(plan, machine, "remove")
    yield from _run(plan.stop, machine)
    for file in reversed(plan.files):
        match file.condition(machine.root):
            case Condition.ABSENT:
                continue
            case Condition.CHANGED:
                yield f"kept {file.path}: you changed it"
            case _:
                file.erase(machine.root)
                yield f"removed {file.path}"
    yield from _run(plan.clean_up, machine)
    left = [str(f.path) for f in plan.device if f.condition(machine.root) in (Condition.CURRENT, Condition.OLDER)]
    if left:
        yield f"The virtual camera stays set up for the whole machine. To end that, paste:\nsudo rm {' '.join(left)}"


def preview(plan: Plan, machine: Machine, *, start: bool = True) -> Iterator[str]:
    """What `install` would do, file by file with its text. Touches nothing."""
    for file in plan.files:
        match file.condition(machine.root):
            case Condition.CURRENT:
                yield f"# {file.path} is there already, the same"
            case Condition.CHANGED:
                yield f"# {file.path} would be kept: you changed it. It would have been:\n{file.stamped}"
            case Condition.OLDER:
                yield f"# {file.path} would be replaced by this version's:\n{file.stamped}"
            case _:
                yield f"# {file.path}\n{file.stamped}"
    commands = (*plan.set_up, *(plan.start if start else ()))
    yield "# and then these would be run:\n" + "\n".join(map(str, commands))
    yield from by_hand(plan, machine)


def by_hand(plan: Plan, machine: Machine) -> Iterator[str]:
    """The lines to paste for what only root may write."""
    missing = [file for file in plan.device if file.condition(machine.root) in (Condition.ABSENT, Condition.OLDER)]
    if missing:
        lines = [f"sudo tee {file.path} >/dev/null <<'END'\n{file.stamped}END" for file in missing]
        lines += [f"sudo {command}" for command in device_commands()]
        yield "To have the virtual camera from boot on, paste this (root's part):\n\n" + "\n".join(lines)


def _put(file: OwnedFile, root: Path) -> str:
    condition = file.condition(root)
    if condition is Condition.CURRENT:
        return f"{file.path} is up to date"
    if condition is Condition.CHANGED:
        return f"kept {file.path}: you changed it. For this version's, remove it and run this again"
    file.write(root)
    return f"{'replaced' if condition is Condition.OLDER else 'wrote'} {file.path}"


def _run(commands: Iterable[Command], machine: Machine) -> Iterator[str]:
    for command in commands:
        answer = machine.run(*command.words)
        if answer.code == 0:
            yield f"ran {command}"
        elif command.optional:
            yield "\n".join(filter(None, (f"{command}: {answer.out or f'exit code {answer.code}'}", command.hint)))
        else:
            raise ServiceError(f"{command} failed: {answer.out or f'exit code {answer.code}'}", command.hint)


def _require(plan: Plan, machine: Machine, command: Literal["install", "remove"]) -> None:
    machine.require_systemd()
    if plan.scope == "system" and not machine.is_root:
        raise ServiceError(
            f"only root can {command} the system service",
            f"sudo {machine.program or 'avatard'} service {command} --system",
        )
