"""`avatard doctor`: checks this machine."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from avatard import __version__
from avatard.cli import options

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from avatard.doctor import Finding, System

#: Level → mark, the same for terminals without these characters, and its style.
_MARKS = {
    "ok": ("✓", "+", "green"),
    "warn": ("!", "!", "yellow"),
    "fail": ("✗", "x", "bold red"),
    "bug": ("?", "?", "bold magenta"),
}
#: Columns of the mark and of the check's name.
_INDENT = 18


@click.command(name="doctor", epilog="Exits with 0 when nothing stops avatard from working.")
@options.as_json
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Look at this machine, from Python to the virtual camera, and say for each problem what fixes it.

    Takes about three seconds, changes nothing, and switches no camera on.
    """
    from avatard.doctor import examine, exit_code

    system = _this_machine()
    if as_json:
        findings = list(examine(system))
        code = exit_code(findings)
        report = {
            "schema": 1,
            "avatard": __version__,
            "system": platform.platform(terse=True),
            "findings": [finding.as_dict() for finding in findings],
            "exit_code": code,
        }
        click.echo(json.dumps(report, indent=1))
        ctx.exit(code)
    from rich.console import Console

    console = Console(highlight=False, markup=False)
    findings = []
    with console.status("Looking …"):  # the last check takes two seconds
        for finding in examine(system):
            findings.append(finding)
            print_finding(console, finding)
    print_summary(console, findings)
    ctx.exit(exit_code(findings))


def _this_machine() -> System:
    """With what only this layer may ask: the budgets, and a running avatard."""
    from avatard.bench.budget import default_profile, load_budget
    from avatard.config import Config
    from avatard.doctor import System

    return System(deadlines_ms=load_budget(default_profile(Config().reenact.engine)).deadlines_ms(), daemon=_daemon)


def _daemon() -> Mapping[str, object] | None:
    from avatard.control.client import call
    from avatard.errors import ControlError

    try:
        return call("status", timeout_s=1.0)
    except ControlError:
        return None


def print_finding(console: Console, finding: Finding) -> None:
    """One finding: a line, then the lines to paste, which are never broken, then what to know in words."""
    from rich.text import Text

    mark, plain, style = _MARKS[finding.level.value]
    head = Text.assemble(
        (f"{plain if console.options.ascii_only else mark} ", style), (f"{finding.check:<{_INDENT - 2}}", "bold")
    )
    _print_hanging(console, head, Text(finding.text))
    for line in finding.fix.splitlines():
        console.print(Text(" " * (_INDENT + 2) + line, style="cyan"), soft_wrap=True)
    if finding.advice:
        for line in finding.advice.splitlines():
            _print_hanging(console, Text(" " * _INDENT), Text(line, style="dim" if finding.level.value == "ok" else ""))


def _print_hanging(console: Console, head: Text, text: Text) -> None:
    """`text` after `head`, broken at the terminal's width under its own beginning; in a file not broken at all."""
    width = console.width - _INDENT
    if not console.is_terminal or width < _INDENT:
        console.print(head + text, soft_wrap=True)
        return
    from rich.text import Text

    for n, line in enumerate(text.wrap(console, width)):
        line.rstrip()
        console.print(head + line if n == 0 else Text(" " * _INDENT) + line, soft_wrap=True)


def print_summary(console: Console, findings: list[Finding]) -> None:
    """The last line: what stands in the way."""
    from rich.text import Text

    count = {level: sum(finding.level.value == level for finding in findings) for level in _MARKS}
    if count["fail"]:
        words, style = f"{count['fail']} to fix before avatard works as it is set up", "bold red"
    else:
        words, style = "Nothing stops avatard from working", "bold green"
    if count["warn"]:
        words += f"; {count['warn']} to know of"
    if count["bug"]:
        words += f"; {count['bug']} could not be checked"
    console.print()
    console.print(Text(words + ".", style=style), soft_wrap=True)
