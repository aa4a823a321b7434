"""`avatard status`: what the running daemon does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from avatard.cli import options

if TYPE_CHECKING:
    from rich.table import Table

_STATE_STYLE = {
    "live": "bold green",
    "idle": "bold cyan",
    "paused": "bold yellow",
    "asleep": "bold blue",
    "standby": "bold red",
}
_STATE_WORDS = {
    "starting": "starting: the standby picture is shown",
    "live": "live: the avatar moves as you do",
    "idle": "idle: no face is seen, the avatar breathes and blinks",
    "paused": "paused: the standby picture is shown",
    "asleep": "asleep: no program reads the virtual camera, so the camera is closed",
    "standby": "standby: something is wrong, the log says what",
}

_NETWORK_WORDS = {
    "off": "The machine has no time for the network just now: mesh draws without it.",
    "failing": "The network fails, the log says why: mesh draws without it, and it is tried again.",
}


@click.command(name="status", epilog="Exits with 18 when no avatard is running.")
@options.as_json
@options.socket
def command(as_json: bool, socket: Path | None) -> None:
    """Show what the running avatard does: state, age of the pictures, time of each stage, losses by cause."""
    from avatard.control.client import call

    status: Mapping[str, Any] = call("status", socket=socket)
    if as_json:
        click.echo(json.dumps(status))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    state = str(status["state"])
    if state == "standby" and not status["counters"].get("rendered"):
        state = "starting"
    console.print(Text(_STATE_WORDS.get(state, state), style=_STATE_STYLE.get(state, "bold")))
    console.print(_facts(status), _times(status), "", sep="\n")
    if counted := {name: n for name, n in status["counters"].items() if n}:
        console.print(Text("  ".join(f"{name.replace('_', ' ')} {n}" for name, n in counted.items())))


def _facts(status: Mapping[str, Any]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2))
    for name, value in (
        ("source", status["source"]),
        ("avatar", f"{status['avatar']} (engine {status['engine']}, mouth {status['mouth']})"),
        ("sinks", ", ".join(status["sinks"])),
        ("readers", _readers(status["readers"], status["awake"])),
        ("speech", _speech(status["speech"])),
        *((way, _sound(device)) for way, device in status["audio"].items()),
        ("up", f"{_duration(status['uptime_s'])}, pid {status['pid']}, avatard {status['version']}"),
    ):
        table.add_row(name, Text(str(value)))  # Text: a path in brackets is no markup
    if words := _NETWORK_WORDS.get(status["network"]):
        table.add_row("", Text(words, "yellow"))
    if status["mouth"] == "own":
        table.add_row("", Text("The inside of your own mouth is shown: camera pixels leave this machine.", "yellow"))
    return table


def _speech(speech: Mapping[str, Any]) -> str:
    """Who hears what is typed, and what is being said."""
    mode = "LIVE, into the call" if speech["mode"] == "live" else "PRIVATE, for you alone"
    waiting = f", {speech['waiting']} waiting" if speech["waiting"] else ""
    return f"{mode}; {speech['state']}{waiting}; voice {speech['voice']}"


def _sound(device: Mapping[str, Any]) -> str:
    """A device by its name, or why there is none; and how late a microphone is let through."""
    words = [f"none: {device['missing']}" if device["missing"] else str(device["device"])]
    words += [f"{device['xruns']} gaps"] if device["xruns"] else []
    words += [f"{device['delay_ms']:.0f} ms late, as the picture"] if "delay_ms" in device else []
    return ", ".join(words)


def _readers(count: int | None, awake: str) -> str:
    """How many, and what follows from it."""
    words = "cannot be counted here" if count is None else str(count)
    return words if awake == "always" else f"{words} (awake on demand)"


def _times(status: Mapping[str, Any]) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    table.add_column("ms")
    for name in ("p50", "p95", "p99", "max", "over deadline"):
        table.add_column(name, justify="right")
    over = status["over_deadline"]
    for name, ms in {**status["stages_ms"], "age": status["age_ms"]}.items():
        label = "age at the sink" if name == "age" else name
        # Nothing measured: a stage that did not run yet, or the age without a camera.
        cells = [f"{ms[p]:.1f}" if ms["max"] else "–" for p in ("p50", "p95", "p99", "max")]  # noqa: RUF001
        table.add_row(label, *cells, str(over.get(name, 0)))
    return table


def _duration(seconds: float) -> str:
    minutes, s = divmod(int(seconds), 60)
    hours, m = divmod(minutes, 60)
    return f"{hours} h {m} min" if hours else f"{m} min {s} s" if m else f"{s} s"
