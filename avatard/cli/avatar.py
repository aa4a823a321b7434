"""`avatard avatar`: the portraits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from avatard.cli import options

if TYPE_CHECKING:
    from avatard.avatars import Entry, Report
    from avatard.face import Face
    from avatard.frame import Picture

_SUBJECTS = ("self", "other_person", "synthetic_person", "stylised")


@click.group(name="avatar")
def command() -> None:
    """List, add, choose and remove avatars: portraits of you, of rendered people, or drawings."""


@command.command(name="list")
@options.as_json
def list_(as_json: bool) -> None:
    """List the avatars there are. The one in use is marked."""
    from avatard.avatars import open_store

    listing = open_store().list()
    chosen = options.load(None, {}).reenact.avatar
    if as_json:
        entries = [{**_plain(entry), "in_use": entry.name == chosen} for entry in listing.entries]
        damaged = [{"name": name, "error": error.message} for name, error in listing.damaged]
        click.echo(json.dumps({"avatars": entries, "damaged": damaged}, indent=1))
        return
    width = max((len(entry.name) for entry in listing.entries), default=0)
    for entry in listing.entries:
        mark = "*" if entry.name == chosen else " "
        words = entry.description or entry.subject.value.replace("_", " ")
        click.echo(f"{mark} {click.style(entry.name.ljust(width), bold=True)}  {words}")
    for name, error in listing.damaged:
        click.secho(f"! {name}: {error.message}. {error.hint}", fg="red", err=True)


@command.command()
@click.argument("name")
@options.as_json
def show(name: str, as_json: bool) -> None:
    """Print what is known about one avatar."""
    from avatard.avatars import open_store

    entry = open_store().entry(name)
    if as_json:
        click.echo(json.dumps(_plain(entry), indent=1))
        return
    for field, value in _plain(entry).items():
        if value != "":
            click.echo(f"{field:<12} {value}")


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="What to call it: a-z, 0-9 and -, up to 32.")
@click.option(
    "--subject",
    type=click.Choice(_SUBJECTS),
    help="Whom it shows. Without it nothing is added: faces belong to people.",
)
@click.option("--description", default="", help="A few words for the list.")
def add(file: Path, name: str, subject: str | None, description: str) -> None:
    """Check the portrait FILE (PNG, JPEG or WebP) and keep a copy of it as an avatar.

    \b
    Whom it shows decides what it needs:
      self              you
      other_person      someone else, who has agreed to it
      synthetic_person  a rendered or generated person, nobody's likeness
      stylised          a drawing, figure or animal
    \b
    Example:
      avatard avatar add portrait.png --name office --subject self
    """
    from avatard.avatar import Subject
    from avatard.avatars import open_store

    declared = Subject(subject) if subject else None
    report = open_store().add(file, name, declared, _find_faces, description)
    _print_report(name, report)


@command.command()
@click.argument("name")
@options.config
@options.socket
def use(name: str, config_file: Path | None, socket: Path | None) -> None:
    """Be this avatar from now on: written to the settings, and shown at once by a running avatard."""
    import os

    from avatard.avatars import open_store
    from avatard.config_edit import set_text
    from avatard.config_file import chosen_file
    from avatard.control.client import NotRunningError, call

    open_store().load(name)  # a damaged one is found now, not in the call
    running = True
    try:
        # Before the settings: what the engine refuses must not be in them. It takes a second to prepare.
        call("use", {"avatar": name}, socket=socket, timeout_s=30.0)
    except NotRunningError:
        running = False
    set_text(chosen_file(config_file, os.environ)[0], "reenact.avatar", name)
    click.echo(f"{name} is the avatar{'' if running else ' of the next avatard up'}.")


@command.command()
@click.argument("name")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
def remove(name: str, yes: bool) -> None:
    """Delete an avatar that you added: portrait, landmarks and record."""
    from avatard.avatars import open_store

    if not yes and not click.confirm(f"Delete the avatar {name} and its portrait?"):
        click.echo("It is kept.")
        return
    open_store().remove(name)


def _find_faces(picture: Picture) -> Sequence[Face]:
    from avatard.track.portrait import find_faces

    return find_faces(picture)


def _plain(entry: Entry) -> dict[str, object]:
    return {**entry.as_dict(), "shipped": entry.shipped, "path": str(entry.portrait)}


def _print_report(name: str, report: Report) -> None:
    assert report.box is not None
    _, _, width, height = report.box
    turn = f"yaw {report.yaw:+.0f}°, pitch {report.pitch:+.0f}°, roll {report.roll:+.0f}°"
    click.echo(f"picture {report.width}x{report.height}, face {width}x{height}, {turn}")
    for note in report.notes:
        click.secho(f"note: {note}", fg="yellow")
    click.echo(f"{name} is added. Be it with: avatard avatar use {name}")
