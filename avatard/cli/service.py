"""`avatard service`: avatard as a systemd service."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from avatard.cli import options

if TYPE_CHECKING:
    from rich.console import Console

    from avatard.service.plan import Scope
    from avatard.service.state import State

_SYSTEM = click.option(
    "--system", is_flag=True, help="The hardened service of the whole machine, instead of your own; needs root."
)


@click.group(name="service")
def command() -> None:
    """Start avatard by itself, and again after a crash or a hang, with systemd.

    Your own service starts at login and is the usual one. The system's starts at boot, as a user of its own that can
    reach cameras and nothing else: no home folders, no network, no sound, no PipeWire.
    """


@command.command()
@_SYSTEM
@click.option("--dry-run", is_flag=True, help="Print what would be written and run, and touch nothing.")
@click.option("--no-start", is_flag=True, help="Set it up, but do not start it now.")
def install(system: bool, dry_run: bool, no_start: bool) -> None:
    """Write the unit and start it; print what only root can do.

    A file that you changed stays as it is. To change the unit and keep that through updates: systemctl --user edit
    avatard.
    """
    from avatard.service import work
    from avatard.service.machine import Machine
    from avatard.service.plan import plan_of

    machine = Machine()
    if not dry_run:
        machine.require_systemd()
    plan = plan_of(_scope(system), machine)
    do = work.preview if dry_run else work.install
    for line in do(plan, machine, start=not no_start):
        click.echo(line)


@command.command()
@_SYSTEM
def remove(system: bool) -> None:
    """Stop it, and remove what `install` wrote, but for what you changed. Avatars and settings stay."""
    from avatard.service import work
    from avatard.service.machine import Machine
    from avatard.service.plan import plan_of

    machine = Machine()
    machine.require_systemd()
    for line in work.remove(plan_of(_scope(system), machine, removing=True), machine):
        click.echo(line)


@command.command(epilog="Exits with 18 when no service is active.")
@options.as_json
@click.pass_context
def status(ctx: click.Context, as_json: bool) -> None:
    """Show both services: installed, running, changed by you."""
    from avatard.errors import ControlError
    from avatard.service.machine import Machine
    from avatard.service.state import state_of

    machine = Machine()
    machine.require_systemd()
    states = [state_of("user", machine), state_of("system", machine)]
    if as_json:
        click.echo(json.dumps({"schema": 1, **{state.scope: asdict(state) for state in states}}, indent=1))
    else:
        from rich.console import Console

        console = Console(highlight=False)
        for state in states:
            _print(console, state)
    ctx.exit(0 if any(state.active == "active" for state in states) else ControlError.exit_code)


def _scope(system: bool) -> Scope:
    return "system" if system else "user"


def _print(console: Console, state: State) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    table.add_column(width=6)
    table.add_column()
    style = {"active": "bold green", "failed": "bold red", "activating": "bold yellow"}.get(state.active, "")
    table.add_row(Text(state.scope, "bold"), Text(_words(state), style))
    if state.installed:
        for path, condition in state.files.items():
            table.add_row("", Text(f"{path}: {condition}", "" if condition == "as installed" else "yellow"))
    console.print(table)


def _words(state: State) -> str:
    """One line for people."""
    if not state.installed:
        option = " --system" if state.scope == "system" else ""
        return f"not installed   (avatard service install{option})"
    starts = ("at login" if state.scope == "user" else "at boot") if state.enabled else "only when told to"
    if state.active == "failed":
        return f"failed ({state.result}, exit code {state.exit_code}); starts {starts}"
    again = f", started again {state.restarts} times" if state.restarts else ""
    said = f": {state.said}" if state.active == "active" and state.said else ""
    return f"{state.active or 'unknown'}{said}; starts {starts}{again}"
