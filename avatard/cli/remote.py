"""Commands to a running avatard that answer with nothing but that it was done."""

from __future__ import annotations

import json
from pathlib import Path

import click

from avatard.cli import options

as_json = click.option("--json", "as_json", is_flag=True, help="Print the answer.")


@click.command(name="pause")
@options.socket
@as_json
def pause(socket: Path | None, as_json: bool) -> None:
    """Show the standby picture instead of the avatar, until `avatard resume`."""
    _call("pause", socket, as_json)


@click.command(name="resume")
@options.socket
@as_json
def resume(socket: Path | None, as_json: bool) -> None:
    """Show the avatar again, after `avatard pause`."""
    _call("resume", socket, as_json)


@click.command(name="recenter")
@options.socket
@as_json
def recenter(socket: Path | None, as_json: bool) -> None:
    """Take the way you sit and look now as straight ahead and relaxed."""
    _call("recenter", socket, as_json)


@click.command(name="live")
@options.socket
@as_json
def live(socket: Path | None, as_json: bool) -> None:
    """What you type from now on is said into the call. Until then, and after `avatard private`, only you hear it."""
    _call("live", socket, as_json)


@click.command(name="private")
@options.socket
@as_json
def private(socket: Path | None, as_json: bool) -> None:
    """What you type from now on is for your own ears; what is being said into the call ends at once."""
    _call("private", socket, as_json)


@click.command(name="stop")
@options.socket
@as_json
def stop(socket: Path | None, as_json: bool) -> None:
    """End the running avatard; its last picture is a card that says so."""
    _call("stop", socket, as_json)


def _call(name: str, socket: Path | None, as_json: bool) -> None:
    from avatard.control.client import call

    answer = call(name, socket=socket)
    if as_json:
        click.echo(json.dumps(answer))
