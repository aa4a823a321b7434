"""Commands to a running avatard that answer with nothing but that it was done."""

from __future__ import annotations

from pathlib import Path

import click

from avatard.cli import options


@click.command(name="pause")
@options.socket
def pause(socket: Path | None) -> None:
    """Show the standby picture instead of the avatar, until `avatard resume`."""
    _call("pause", socket)


@click.command(name="resume")
@options.socket
def resume(socket: Path | None) -> None:
    """Show the avatar again, after `avatard pause`."""
    _call("resume", socket)


@click.command(name="recenter")
@options.socket
def recenter(socket: Path | None) -> None:
    """Take the way you sit and look now as straight ahead and relaxed."""
    _call("recenter", socket)


@click.command(name="stop")
@options.socket
def stop(socket: Path | None) -> None:
    """End the running avatard; the virtual camera goes away."""
    _call("stop", socket)


def _call(name: str, socket: Path | None) -> None:
    from avatard.control.client import call

    call(name, socket=socket)
