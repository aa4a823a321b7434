"""Phrase boards under anything at all: taken, and the same again the second time, or a BoardError; never else."""

from __future__ import annotations

import io
import json
import re
from contextlib import suppress
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

from hypothesis import given, settings
from hypothesis import strategies as st

from avatard.errors import BoardError
from avatard.speech.boards import svg
from avatard.speech.boards.obf import decode_board, encode_board
from avatard.speech.boards.obz import Archive, write_archive
from avatard.speech.boards.package import decode_package, package_files
from avatard.speech.boards.svg_names import ATTRIBUTES, ELEMENTS

_SVG = "http://www.w3.org/2000/svg"

_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
_id = st.sampled_from(["1", "2", 1, 2, None]) | _json
_text = st.sampled_from(["", "yes", ":home", "+a", "rgb(1,2,3)", "\ud800"]) | _json
_link = st.fixed_dictionaries({}, optional={"id": _id, "path": _text, "name": _text, "url": _json}) | _json
_buttons = st.fixed_dictionaries(
    {"id": _id},
    optional={
        "label": _text,
        "vocalization": _text,
        "background_color": _text,
        "image_id": _id,
        "sound_id": _id,
        "action": _text,
        "actions": st.lists(_text, max_size=3) | _json,
        "hidden": st.booleans() | _json,
        "load_board": _link,
        "left": _json,
        "ext_avatard_voice": _text,
        "ext_avatard_emotion": _text,
        "ext_other": _json,
    },
)
_grid = st.fixed_dictionaries(
    {"rows": st.integers(0, 4) | _json, "columns": st.integers(0, 4) | _json},
    optional={"order": st.lists(st.lists(_id, max_size=4), max_size=4) | _json, "ext_other": _json},
)
_media = st.fixed_dictionaries(
    {"id": _id}, optional={"data": _text, "path": _text, "url": _text, "content_type": _text, "license": _json}
)
_board = st.fixed_dictionaries(
    {"format": st.just("open-board-0.1"), "id": _id, "grid": _grid},
    optional={
        "name": _text,
        "locale": _text,
        "strings": st.dictionaries(st.text(max_size=3), st.dictionaries(st.text(max_size=3), _text)) | _json,
        "buttons": st.lists(_buttons, max_size=4) | _json,
        "images": st.lists(_media, max_size=3) | _json,
        "sounds": st.lists(_media, max_size=3) | _json,
        "ext_other": _json,
    },
)
_texts = st.binary(max_size=300) | st.one_of(_json, _board).map(lambda data: json.dumps(data).encode())


def archive(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    write_archive(files.items(), out)
    return out.getvalue()


@given(_texts)
@settings(max_examples=400)
def test_any_text_is_a_board_or_a_board_error(text: bytes) -> None:
    try:
        board = decode_board(text, "x")
    except BoardError:
        return
    assert decode_board(encode_board(board), "x") == board
    for button in board.buttons:
        for words in (board.label(button, "e"), board.spoken(button), button.voice or "", button.emotion or ""):
            words.encode()
        assert board.picture(button) is None or board.picture(button) in board.images
        assert button.steps is not None
        assert button.place is None or len(button.place) == 4
    for row in range(board.grid.rows):
        for column in range(board.grid.columns):
            assert board.at(row, column) is None or board.at(row, column) in board.buttons
    came, went = json.loads(text), json.loads(encode_board(board))
    assert went.get("ext_other") == came.get("ext_other")


@given(st.dictionaries(st.sampled_from(["a.obf", "b.obf", "manifest.json", "c.png"]), _texts), st.data())
def test_any_archive_is_a_package_or_a_board_error(files: dict[str, bytes], data: st.DataObject) -> None:
    if data.draw(st.booleans()):
        files["manifest.json"] = json.dumps({"root": "a.obf", "paths": {"boards": data.draw(_json)}}).encode()
    try:
        package = decode_package(archive(files), "x")
    except BoardError:
        return
    again = decode_package(archive(dict(package_files(package))), "x")
    assert again.boards == package.boards
    assert {**again.media, **again.others} == {**package.media, **package.others}
    assert package.home in package.boards.values()


@given(st.data())
@settings(max_examples=300)
def test_any_damage_to_an_archive_is_found_or_does_no_harm(data: st.DataObject) -> None:
    whole = bytearray(archive({"a.obf": b"abc" * 50, "b/c.png": bytes(range(256))}))
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    whole = whole[: data.draw(st.integers(len(whole) - 40, len(whole)))] if data.draw(st.booleans()) else whole
    try:
        opened = Archive(bytes(whole), "x")
    except BoardError:
        return
    for path in opened:
        with suppress(BoardError):
            assert len(opened[path]) <= 256


@given(st.binary(max_size=400))
def test_any_bytes_are_an_archive_or_a_board_error(tail: bytes) -> None:
    with suppress(BoardError):
        assert isinstance(dict(Archive(b"PK" + tail, "x")), dict)


_names = st.sampled_from(
    ["svg", "g", "path", "use", "image", "style", "text", "a", "script", "foreignObject", "set", "x:script", "filter"]
)
_values = st.sampled_from(
    [
        "#a",
        "url(#a)",
        "url(//x)",
        "URL( 'https://x' )",
        "javascript:x",
        "data:image/png;base64,AA",
        "red",
        "1 2",
        "fill:url(//x)",
        ".a{fill:url(/x)}",
        "\\75rl(x)",
    ]
) | st.text("ur l(#/:;'@{}*\\<>&a1", max_size=12)
_attributes = st.dictionaries(
    st.sampled_from(["id", "href", "x:href", "style", "fill", "onload", "d", "xml:base", "class", "filter"]), _values
)
_elements = st.recursive(
    st.tuples(_names, _attributes, st.lists(_values, max_size=2)),
    lambda inner: st.tuples(_names, _attributes, st.lists(inner | _values, max_size=3)),
    max_leaves=12,
)


def _xml(element: Any) -> str:
    if isinstance(element, str):
        return escape(element)
    name, attributes, inner = element
    written = "".join(f" {n}={quoteattr(v)}" for n, v in attributes.items())
    return f"<{name}{written}>{''.join(map(_xml, inner))}</{name}>"


@given(st.lists(_elements, max_size=4))
@settings(max_examples=200)
def test_any_svg_is_harmless_when_it_is_cleaned(elements: list[Any]) -> None:
    drawing = f'<svg xmlns="{_SVG}" xmlns:x="http://www.w3.org/1999/xlink">{"".join(map(_xml, elements))}</svg>'
    try:
        cleaned = svg.clean(drawing.encode(), "x", lambda uri: False)
    except BoardError:
        return
    for element in ElementTree.fromstring(cleaned).iter():
        space, _, name = element.tag[1:].partition("}")
        assert (space, name in ELEMENTS) == (_SVG, True)
        for attribute, value in element.attrib.items():
            assert attribute in ATTRIBUTES | {"style", "href"}
            assert attribute != "href" or value.startswith("#")
            _asks_for_nothing(value)
        _asks_for_nothing(element.text or "" if name == "style" else "")
    assert svg.clean(cleaned, "x", lambda uri: False) == cleaned


def _asks_for_nothing(css: str) -> None:
    """Written another way than what it tests: every bracket is of our own paint, and there is no other way out."""
    assert "@" not in css
    assert "\\" not in css
    assert css.count("(") == len(re.findall(r"(?i)url\(\s*['\"]?#", css))
