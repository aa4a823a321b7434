"""`avatard phrases`: boards of phrases that are said at a press."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from avatard.cli import options
from avatard.cli.printable import on_one_line

if TYPE_CHECKING:
    from avatard.speech.boards.board import Board, Button


@click.group(name="phrases")
def command() -> None:
    """List, show, take in and give out phrase boards: buttons that say something at a press.

    Boards are of the Open Board Format, which other programs for people who do not speak read and write too: .obf is
    one board, .obz several with their pictures.
    """


@command.command(name="list")
@options.as_json
def list_(as_json: bool) -> None:
    """List the sets of boards there are."""
    from avatard.speech.boards import open_store

    listing = open_store().list()
    if as_json:
        damaged = [{"name": name, "error": error.message} for name, error in listing.damaged]
        click.echo(json.dumps({"phrases": [asdict(entry) for entry in listing.entries], "damaged": damaged}, indent=1))
        return
    width = max((len(entry.name) for entry in listing.entries), default=0)
    for entry in listing.entries:
        boards = "1 board" if entry.boards == 1 else f"{entry.boards} boards"
        words = f"{on_one_line(entry.title)}: {boards}, {entry.buttons} buttons"
        click.echo(f"{click.style(entry.name.ljust(width), bold=True)}  {words}{' (shipped)' * entry.shipped}")
    for _, error in listing.damaged:
        click.secho(f"! {on_one_line(error.message)}. {on_one_line(error.hint)}", fg="red", err=True)


@command.command()
@click.argument("name")
@options.as_json
def show(name: str, as_json: bool) -> None:
    """Print what the buttons of the set NAME say and do, row by row."""
    from avatard.speech.boards import open_store

    package = open_store().load(name)
    home = package.home
    boards = (home, *(board for board in package.boards.values() if board is not home))
    if as_json:
        click.echo(json.dumps({"name": name, "boards": [_plain(board) for board in boards]}, indent=1))
        return
    for board in boards:
        size = f"{board.grid.rows} rows of {board.grid.columns}"
        click.secho(f"{on_one_line(board.name or board.id)} ({size})", bold=True)
        for button in _in_order(board):
            click.echo(f"  {on_one_line(_line(board, button))}")


@command.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", default="", help="What to call the set: a-z, 0-9 and -, up to 32. By default like the file.")
@click.option("--replace", is_flag=True, help="Put it in the place of the set of that name.")
def import_(file: Path, name: str, replace: bool) -> None:
    """Take in a board from another program: FILE is .obf or .obz.

    All of it is checked first, and nothing is taken where something is wrong. Addresses in it are never asked for:
    only pictures and sounds inside the file are used.

    \b
    Example:
      avatard phrases import ~/Downloads/quick-core-24.obz --name core
    """
    from avatard.speech.boards import open_store

    added = open_store().add(file, name, replace)
    for note in added.notes:
        click.secho(f"note: {on_one_line(note)}", fg="yellow")
    click.echo(f"{added.name} is there. See it with: avatard phrases show {added.name}")


@command.command()
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--board", default="", metavar="ID", help="Which board of the set, for an .obf.")
@click.option("--replace", is_flag=True, help="Write over FILE where there is one.")
def export(name: str, file: Path, board: str, replace: bool) -> None:
    """Write the set NAME for other programs: FILE.obz all of it, FILE.obf one board with its pictures inside.

    \b
    Example:
      avatard phrases export meeting meeting.obz
    """
    from avatard.speech.boards import open_store

    open_store().export(name, file, board, replace)


@command.command()
@click.argument("name")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
def remove(name: str, yes: bool) -> None:
    """Delete a set of boards that you took in."""
    from avatard.speech.boards import open_store

    if not yes and not click.confirm(f"Delete the phrases {name}?"):
        click.echo("They are kept.")
        return
    open_store().remove(name)


def _in_order(board: Board) -> list[Button]:
    """As one reads them, once each; those that have no place come last."""
    placed = [button for row in range(board.grid.rows) for button in map(board.button, board.grid.order[row]) if button]
    return list({button.id: button for button in (*placed, *board.buttons)}.values())


def _line(board: Board, button: Button) -> str:
    label, spoken = board.label(button), board.spoken(button)
    parts = [label]
    if spoken != label:
        parts.append(f"“{spoken}”")
    parts += [f"({button.emotion})"] if button.emotion else []
    parts += [f"→ {button.load_board.name or button.load_board.id or 'another board'}"] if button.load_board else []
    parts += button.steps
    return "  ".join(parts) + "  (hidden)" * button.hidden


def _plain(board: Board) -> dict[str, object]:
    buttons = [
        {
            "id": button.id,
            "label": board.label(button),
            "spoken": board.spoken(button),
            "voice": button.voice,
            "emotion": button.emotion,
            "opens": button.load_board and (button.load_board.id or button.load_board.name),
            "actions": list(button.steps),
            "hidden": button.hidden,
        }
        for button in _in_order(board)
    ]
    return {"id": board.id, "name": board.name, "order": [list(row) for row in board.grid.order], "buttons": buttons}
