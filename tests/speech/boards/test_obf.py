from __future__ import annotations

import json
from typing import Any

import pytest

from avatard.errors import BoardError
from avatard.speech.boards.board import Board
from avatard.speech.boards.json_text import MAX_BYTES, MAX_DEPTH, MAX_VALUES
from avatard.speech.boards.obf import decode_board, encode_board

#: With everything that the format knows, and fields of a program that is not ours.
FULL: dict[str, Any] = {
    "format": "open-board-0.1",
    "id": "b1",
    "locale": "en",
    "name": "Example",
    "url": "https://example.org/boards/1",
    "description_html": "just <b>one</b>",
    "default_layout": "landscape",
    "license": {"type": "CC BY", "author_name": "Sarah", "copyright_notice_url": "https://example.org/by"},
    "strings": {"en": {":time": "time"}, "es": {":time": "hora", "happy": "contento"}},
    "ext_other_id": {"deep": [1, 2.5, None, {"x": "\u00e9"}]},
    "grid": {"rows": 2, "columns": 2, "order": [["1", None], [None, "2"]], "ext_other_gap": 3},
    "buttons": [
        {
            "id": "1",
            "label": "happy",
            "vocalization": "I am happy",
            "background_color": "rgb(255, 255, 255)",
            "border_color": "rgba(150, 150, 150, 0.5)",
            "image_id": "9",
            "sound_id": "s2",
            "left": 0.1,
            "top": 0.2,
            "width": 0.25,
            "height": 0.5,
            "ext_avatard_emotion": "happy",
            "ext_avatard_voice": "en-gb",
            "ext_other": [True],
        },
        {
            "id": "2",
            "label": ":time",
            "action": ":clear",
            "actions": [":clear", ":home"],
            "hidden": True,
            "load_board": {"id": "b2", "name": "Drinks", "path": "boards/2.obf", "data_url": "https://example.org/2"},
        },
    ],
    "images": [
        {
            "id": "9",
            "content_type": "image/png",
            "data": "data:image/png;base64,AAAA",
            "path": "images/9.png",
            "url": "https://example.org/9.png",
            "width": 300,
            "height": 200,
            "symbol": {"set": "symbolstix", "filename": "happy.png"},
            "license": {"type": "private"},
        }
    ],
    "sounds": [{"id": "s2", "content_type": "audio/wav", "path": "sounds/2.wav", "duration": 1.5}],
}


def decode(**changes: Any) -> Board:
    return decode_board(json.dumps({**FULL, **changes}).encode(), "x.obf")


def test_nothing_is_lost_on_the_way_through() -> None:
    assert json.loads(encode_board(decode())) == FULL
    assert decode_board(encode_board(decode()), "y") == decode()


def test_what_a_button_says_shows_and_does() -> None:
    board = decode()
    first, second = board.buttons
    assert (board.at(0, 0), board.at(0, 1), board.at(1, 1)) == (first, None, second)
    assert (board.label(first), board.spoken(first)) == ("happy", "I am happy")
    assert (board.label(second), board.spoken(second)) == ("time", "time")
    assert (board.label(first, "es-MX"), board.label(second, "es_MX")) == ("contento", "hora")
    assert first.steps == ()
    assert second.steps == (":clear", ":home")
    assert first.place == (0.1, 0.2, 0.25, 0.5)
    assert second.place is None
    assert (first.voice, first.emotion, second.emotion) == ("en-gb", "happy", None)
    assert (second.hidden, first.hidden) == (True, False)
    image, sound = board.picture(first), board.sound(first)
    assert image is not None
    assert sound is not None
    assert (image.path, image.rest["license"]["type"], sound.rest["duration"]) == ("images/9.png", "private", 1.5)
    assert board.picture(second) is None
    assert second.load_board is not None
    assert second.load_board.path == "boards/2.obf"


def test_ids_that_are_numbers_become_text() -> None:
    board = decode(
        id=7,
        grid={"rows": 1, "columns": 2, "order": [[0, 1]]},
        buttons=[{"id": 0, "label": "cat", "image_id": 119}, {"id": 1, "label": 5}],
        images=[{"id": 119, "url": "https://example.org/cat.svg"}],
    )
    assert (board.id, board.grid.order) == ("7", (("0", "1"),))
    cat = board.at(0, 0)
    assert cat is not None
    assert board.picture(cat) == board.images[0]
    assert board.buttons[1].label == "5"


def test_a_blank_vocalization_says_the_label() -> None:
    board = decode(buttons=[{"id": "1", "label": "cat", "vocalization": " "}])
    assert board.spoken(board.buttons[0]) == "cat"


def test_rows_that_are_too_short_are_filled_up() -> None:
    board = decode(grid={"rows": 3, "columns": 3, "order": [["1"], []]})
    assert board.grid.order == (("1", None, None), (None,) * 3, (None,) * 3)


def test_a_place_for_a_button_that_is_not_there_is_empty() -> None:
    board = decode(grid={"rows": 1, "columns": 1, "order": [["gone"]]})
    assert board.at(0, 0) is None
    assert json.loads(encode_board(board))["grid"]["order"] == [["gone"]]


def test_a_picture_that_is_listed_twice_is_one() -> None:
    cat = {"id": 1, "url": "https://example.org/cat.svg"}
    assert len(decode(images=[cat, dict(cat)]).images) == 1
    with pytest.raises(BoardError, match=r"^x.obf: images\[1\]: another one has the same id$"):
        decode(images=[cat, {**cat, "url": "https://example.org/dog.svg"}])


def test_null_is_as_good_as_nothing() -> None:
    button = {"id": 1, "label": None, "vocalization": None, "load_board": None, "hidden": None, "left": None}
    board = decode(buttons=[button], images=None, sounds=None, name=None, locale=None)
    assert (board.buttons[0].label, board.images, board.name) == ("", (), "")
    assert json.loads(encode_board(board))["buttons"] == [{"id": "1", "label": "", "left": None}]


def test_half_a_character_does_not_reach_the_voice() -> None:
    text = json.dumps(FULL).replace('"label": "happy"', r'"label": "so \ud83d"')
    button = decode_board(text.encode(), "x").buttons[0]
    assert button.label == "so \ufffd"
    button.label.encode()


def test_half_a_character_is_nowhere_in_a_board() -> None:
    half, whole = r"x\\ud800 \ud83d\ude00 \uDFFF\ud800 \\\udc00", "x\\ud800 \U0001f600 \ufffd\ufffd \\\ufffd"
    told = json.dumps({**FULL, "ext_other": [{"HALF": ["HALF"]}]}).replace("en-gb", "HALF").replace("hora", "HALF")
    board = decode_board(told.replace("HALF", half).encode(), "x")
    assert board.rest["ext_other"] == [{whole: [whole]}]
    assert board.buttons[0].voice == whole
    assert board.label(board.buttons[1], "es") == whole


def test_a_byte_order_mark_is_no_fault() -> None:
    assert decode_board(b"\xef\xbb\xbf" + json.dumps(FULL).encode(), "x").id == "b1"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"format": "other"}, "x.obf: it does not say that it is an open board"),
        ({"format": None}, "x.obf: it does not say that it is an open board"),
        ({"id": None}, "x.obf: it has no id"),
        ({"id": ["1"]}, "x.obf: id is not text"),
        ({"name": {}}, "x.obf: name is not text"),
        ({"buttons": {}}, "x.obf: buttons is not a list"),
        ({"buttons": ["x"]}, r"x.obf: buttons\[0\]: not an object"),
        ({"buttons": [{"id": 1}, {"id": "1"}]}, "x.obf: buttons: two have the same id"),
        ({"buttons": [{"label": "x"}]}, r"x.obf: buttons\[0\]: it has no id"),
        ({"buttons": [{"id": 1, "label": ["x"]}]}, r"x.obf: buttons\[0\]: label is not text"),
        ({"buttons": [{"id": 1, "hidden": "no"}]}, r"x.obf: buttons\[0\]: hidden is neither true nor false"),
        ({"buttons": [{"id": 1, "actions": ":home"}]}, r"x.obf: buttons\[0\]: actions is not a list"),
        ({"buttons": [{"id": 1, "load_board": "2"}]}, r"x.obf: buttons\[0\]: load_board: not an object"),
        ({"buttons": [{"id": n} for n in range(4097)]}, "x.obf: buttons has more than 4096 entries"),
        ({"grid": None}, "x.obf: it has no grid"),
        ({"grid": {"rows": 0, "columns": 1, "order": []}}, "x.obf: grid: rows is not a number from 1 to 256"),
        ({"grid": {"rows": 1, "columns": True}}, "x.obf: grid: columns is not a number from 1 to 256"),
        ({"grid": {"rows": 1, "columns": 1, "order": [[], []]}}, "x.obf: grid: order has more than 1 entries"),
        ({"grid": {"rows": 1, "columns": 1, "order": [[1, 2]]}}, r"x.obf: grid: order\[0\]: it is not a list of 1 ids"),
        ({"images": [{"id": 1, "data": 2.5}]}, r"x.obf: images\[0\]: data is not text"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(BoardError, match=f"^{why}") as refused:
        decode(**changes)
    assert refused.value.hint


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"", "not JSON (line 1, column 1)"),
        (b"{'id': 1}", "not JSON (line 1, column 2)"),
        (b"[]", "not a JSON object"),
        (b"\xff\xfe{}", "not JSON (not UTF-8)"),
        (b'{"id": NaN}', "not JSON (NaN is no number)"),
        (b'{"id": 1e999}', "not JSON (a number is too large)"),
        (b'{"id": 1, "id": 2}', "not JSON (a name comes twice in one object)"),
        (b'{"x": ' + b"[" * MAX_DEPTH + b"]" * MAX_DEPTH + b"}", "nested deeper than 32 levels"),
        (b'{"x": ' + b"[" * 100_000, "nested deeper than 32 levels"),
        (b'{"x": [' + b"0," * MAX_VALUES + b"0]}", f"more than {MAX_VALUES} values"),
        (b" " * (MAX_BYTES + 1), "32 MB of JSON are too much, 32 MB are the most"),
    ],
    ids=range(11),
)
def test_text_that_is_no_board(text: bytes, why: str) -> None:
    with pytest.raises(BoardError) as refused:
        decode_board(text, "x")
    assert refused.value.message == f"x: {why}"


def test_the_deepest_that_is_taken_comes_out_again() -> None:
    deep: Any = []
    for _ in range(MAX_DEPTH - 3):
        deep = [deep]
    assert json.loads(encode_board(decode(ext_deep=deep)))["ext_deep"] == deep
