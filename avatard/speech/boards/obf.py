"""One board as an .obf file: JSON of the Open Board Format, in and out. Pure: bytes and values, no I/O.

What is not understood comes out as it went in. What is understood comes out in one form: ids are text, `null` is left
away, a row of the grid that is too short is filled up.
https://www.openboardformat.org/docs
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from avatard.speech.boards import json_text
from avatard.speech.boards.board import Board, Button, Grid, Link, Media
from avatard.speech.boards.fields import Fields
from avatard.speech.boards.json_text import refuse

FORMAT: Final = "open-board-"
#: The largest known have 144; 20 by 20 is said to be too many for most programs.
MAX_BUTTONS: Final = 4096
_MAX_SIDE: Final = 256
_MAX_MEDIA: Final = 10_000
_MAX_ACTIONS: Final = 64


def decode_board(text: bytes, where: str) -> Board:
    """The board that the bytes of an .obf file are. Raises BoardError: the message begins with `where`."""
    fields = Fields(json_text.parse(text, where), where)
    format_ = fields.text("format") or ""
    if not format_.startswith(FORMAT):
        refuse(where, "it does not say that it is an open board", "Is it an .obf file of the Open Board Format?")
    buttons = tuple(_button(data, f"{where}: buttons[{n}]") for n, data in _numbered(fields, "buttons", MAX_BUTTONS))
    _unique((button.id for button in buttons), f"{where}: buttons")
    grid = fields.inner("grid")
    if grid is None:
        refuse(where, "it has no grid")
    return Board(
        id=fields.id(),
        grid=_grid(grid),
        buttons=buttons,
        images=_media(fields, "images"),
        sounds=_media(fields, "sounds"),
        name=fields.text("name") or "",
        locale=fields.text("locale") or "",
        format=format_,
        rest=fields.rest(),
    )


def encode_board(board: Board) -> bytes:
    """The board's .obf file. The same board always gives the same bytes."""
    data = {
        "format": board.format,
        "id": board.id,
        **_given(locale=board.locale or None, name=board.name or None),
        "grid": {
            "rows": board.grid.rows,
            "columns": board.grid.columns,
            "order": [list(row) for row in board.grid.order],
            **board.grid.rest,
        },
        "buttons": [_button_data(button) for button in board.buttons],
        "images": [_media_data(image) for image in board.images],
        "sounds": [_media_data(sound) for sound in board.sounds],
        **board.rest,
    }
    return json_text.write(data)


def _button(data: object, where: str) -> Button:
    fields = Fields(data, where)
    actions = fields.items("actions", _MAX_ACTIONS)
    return Button(
        id=fields.id(),
        label=fields.text("label") or "",
        vocalization=fields.text("vocalization"),
        background_color=fields.text("background_color"),
        border_color=fields.text("border_color"),
        image_id=fields.text("image_id") or None,
        sound_id=fields.text("sound_id") or None,
        load_board=_link(fields.inner("load_board")),
        action=fields.text("action") or None,
        actions=tuple(text for step in actions if (text := fields.plain_text(step, "actions"))),
        hidden=fields.flag("hidden"),
        rest=fields.rest(),
    )


def _link(fields: Fields | None) -> Link | None:
    if fields is None:
        return None
    return Link(fields.text("id") or None, fields.text("path") or None, fields.text("name") or "", fields.rest())


def _button_data(button: Button) -> dict[str, Any]:
    link = button.load_board
    link_data = None if link is None else {**_given(id=link.id, path=link.path, name=link.name or None), **link.rest}
    return {
        "id": button.id,
        "label": button.label,
        **_given(
            vocalization=button.vocalization,
            background_color=button.background_color,
            border_color=button.border_color,
            image_id=button.image_id,
            sound_id=button.sound_id,
            load_board=link_data,
            action=button.action,
            actions=list(button.actions),
            hidden=button.hidden,
        ),
        **button.rest,
    }


def _grid(fields: Fields) -> Grid:
    rows, columns = fields.whole("rows", _MAX_SIDE), fields.whole("columns", _MAX_SIDE)
    order = fields.items("order", rows)
    places = []
    for n, row in enumerate(order):
        if not isinstance(row, list) or len(row) > columns:
            refuse(f"{fields.where}: order[{n}]", f"it is not a list of {columns} ids")
        ids = [fields.plain_text(id_, "an id in its order") for id_ in row]
        places.append((*ids, *[None] * (columns - len(ids))))
    places += [(None,) * columns] * (rows - len(places))
    return Grid(rows, columns, tuple(places), fields.rest())


def _media(fields: Fields, name: str) -> tuple[Media, ...]:
    """Some programs list what several buttons share once for each: one of each is enough."""
    found: dict[str, Media] = {}
    for n, data in _numbered(fields, name, _MAX_MEDIA):
        inner = Fields(data, f"{fields.where}: {name}[{n}]")
        texts = {field: inner.text(field) or None for field in ("content_type", "data", "path", "url")}
        media = Media(inner.id(), **texts, rest=inner.rest())
        if found.setdefault(media.id, media) != media:
            refuse(inner.where, "another one has the same id")
    return tuple(found.values())


def _media_data(media: Media) -> dict[str, Any]:
    given = _given(content_type=media.content_type, data=media.data, path=media.path, url=media.url)
    return {"id": media.id, **given, **media.rest}


def _numbered(fields: Fields, name: str, most: int) -> Iterable[tuple[int, object]]:
    return enumerate(fields.items(name, most))


def _unique(ids: Iterable[str], where: str) -> None:
    seen: set[str] = set()
    for id_ in ids:
        if id_ in seen:
            refuse(where, "two have the same id")
        seen.add(id_)


def _given(**fields: object) -> dict[str, Any]:
    """Without those that say nothing. Text that is there but empty is kept."""
    return {name: value for name, value in fields.items() if value is not None and value is not False and value != []}
