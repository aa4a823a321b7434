"""`avatard doctor`: checks this machine."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from avatard.cli import options

if TYPE_CHECKING:
    from rich.console import Console

    from avatard.doctor import Finding

_MARKS = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "fail": ("✗", "bold red")}


@click.command(name="doctor", epilog="Exits with 0 when nothing stops avatard from working.")
@options.as_json
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Look at this machine, from Python to the virtual camera, and say for each problem what fixes it."""
    from avatard.doctor import System, examine, exit_code

    system = System()
    if as_json:
        findings = list(examine(system))
        code = exit_code(findings)
        report = {"schema": 1, "findings": [finding.as_dict() for finding in findings], "exit_code": code}
        click.echo(json.dumps(report, indent=1))
        ctx.exit(code)
    from rich.console import Console

    console = Console(highlight=False)
    findings = []
    with console.status("Looking …"):  # the last check takes two seconds
        for finding in examine(system):
            findings.append(finding)
            _print(console, finding)
    console.print(_summary(findings))
    ctx.exit(exit_code(findings))


def _print(console: Console, finding: Finding) -> None:
    from rich.table import Table
    from rich.text import Text

    mark, style = _MARKS[finding.level.value]
    row = Table.grid(padding=(0, 1))
    row.add_column(width=1)
    row.add_column(width=14)
    row.add_column()
    row.add_row(Text(mark, style=style), Text(finding.check, style="bold"), Text(finding.text))
    console.print(row)
    if finding.fix:  # not in the table: lines to paste must not be wrapped
        for line in finding.fix.splitlines():
            console.print(Text(" " * 17 + line, style="cyan"), soft_wrap=True)


def _summary(findings: list[Finding]) -> str:
    failed = sum(finding.level.value == "fail" for finding in findings)
    warned = sum(finding.level.value == "warn" for finding in findings)
    if failed:
        return f"\n{failed} to fix before avatard works as it should, {warned} to know of."
    return f"\nNothing stops avatard from working; {warned} to know of." if warned else "\nAll well."
