from __future__ import annotations

import io
import json
from typing import Any

import pytest

from avatard.errors import BoardError
from avatard.speech.boards.board import Link
from avatard.speech.boards.obz import write_archive
from avatard.speech.boards.package import (
    Package,
    decode_package,
    encode_alone,
    from_data_uri,
    package_files,
    to_data_uri,
)


def board(id_: str, **more: Any) -> dict[str, Any]:
    return {
        "format": "open-board-0.1",
        "id": id_,
        "grid": {"rows": 1, "columns": 1, "order": [["1"]]},
        "buttons": [{"id": "1", "label": f"label {id_}", "image_id": "p", "load_board": {"path": "./boards/2.obf"}}],
        "images": [{"id": "p", "path": "images/p.png", "content_type": "image/png"}],
        "sounds": [],
        **more,
    }


MANIFEST: dict[str, Any] = {
    "format": "open-board-0.1",
    "root": "boards/1.obf",
    "paths": {
        "boards": {"one": "boards/1.obf", "two": "boards/2.obf"},
        "images": {"p": "images/p.png", "listed": "images/q.png"},
        "sounds": {},
        "ext_other": {"x": "y"},
    },
    "ext_other_made": "today",
}

FILES: dict[str, bytes] = {
    "manifest.json": json.dumps(MANIFEST).encode(),
    "boards/1.obf": json.dumps(board("one")).encode(),
    "boards/2.obf": json.dumps(board("two", images=[{"id": "listed"}])).encode(),
    "boards/3.obf": json.dumps(board("three")).encode(),
    "images/p.png": b"picture p",
    "images/q.png": b"picture q",
    "readme.txt": b"hello",
}


def packed(**changes: bytes | None) -> bytes:
    files = {**FILES, **{name.replace("__", "/").replace("_", "."): data for name, data in changes.items()}}
    out = io.BytesIO()
    write_archive([(path, data) for path, data in files.items() if data is not None], out)
    return out.getvalue()


def repacked(package: Package) -> bytes:
    out = io.BytesIO()
    write_archive(package_files(package), out)
    return out.getvalue()


def test_a_package_comes_out_as_it_went_in() -> None:
    package = decode_package(packed(), "x.obz")
    again = decode_package(repacked(package), "y")

    assert dict(again.media) == dict(package.media) == {"images/p.png": b"picture p", "images/q.png": b"picture q"}
    assert dict(again.others) == {"readme.txt": b"hello"}
    assert again.boards == package.boards
    manifest = dict(package_files(package))["manifest.json"]
    listed = {**MANIFEST["paths"], "boards": {"three": "boards/3.obf", **MANIFEST["paths"]["boards"]}}
    assert json.loads(manifest) == {**MANIFEST, "paths": listed}
    assert repacked(again) == repacked(package)


def test_links_and_pictures_are_found_by_path_or_id() -> None:
    package = decode_package(packed(), "x")
    home, two = package.boards["boards/1.obf"], package.boards["boards/2.obf"]
    link = home.buttons[0].load_board
    assert link is not None
    assert package.home is home
    assert package.linked(link) is two
    assert package.linked(Link(id="two")) is two
    assert package.linked(Link(id="three")) is package.boards["boards/3.obf"]  # unlisted: by its own id
    assert package.linked(Link(id="one", path="boards/2.obf")) is two
    assert package.linked(Link(id="none", path="gone.obf")) is None
    assert package.linked(Link()) is None
    assert package.content(home.images[0], "images") == b"picture p"
    assert package.content(two.images[0], "images") == b"picture q"
    assert package.content(two.images[0], "sounds") is None


def test_one_board_goes_out_with_its_pictures_inside() -> None:
    package = decode_package(packed(), "x")
    alone = decode_package(encode_alone(package, package.home), "y")
    picture = alone.home.images[0]
    assert (picture.path, alone.content(picture, "images")) == (None, b"picture p")
    assert alone.home.buttons == package.home.buttons


def test_a_board_without_a_package_is_one() -> None:
    package = decode_package(FILES["boards/1.obf"], "x.obf")
    assert (package.home.id, len(package.boards), len(package.media)) == ("one", 1, 0)
    assert json.loads(encode_alone(package, package.home)) == board("one")


def test_one_board_in_an_archive_needs_no_manifest() -> None:
    data = packed(manifest_json=None, boards__2_obf=None, boards__3_obf=None)
    assert decode_package(data, "x").manifest.root == "boards/1.obf"


def test_old_manifests_have_no_format() -> None:
    old = {name: value for name, value in MANIFEST.items() if name != "format"}
    assert decode_package(packed(manifest_json=json.dumps(old).encode()), "x").home.id == "one"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"manifest_json": None}, "x: it has 3 boards and no manifest.json"),
        ({"manifest_json": b"{}"}, "x: manifest.json: it does not name its first board"),
        ({"manifest_json": b'{"root": "boards/9.obf"}'}, "x: the board 'boards/9.obf' is not in it"),
        ({"manifest_json": b'{"root": "boards/1.obf", "format": "other"}'}, "x: manifest.json: it does not say"),
        ({"manifest_json": b'{"root": "a", "paths": []}'}, "x: manifest.json: paths: not an object"),
        ({"manifest_json": b'{"root": "a", "paths": {"boards": {"1": []}}}'}, "x: manifest.json: paths: boards: 1"),
        ({"boards__2_obf": None}, "x: the board 'boards/2.obf' is not in it"),
        ({"boards__2_obf": b"{}"}, "x: boards/2.obf: it does not say"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(changes: dict[str, bytes | None], why: str) -> None:
    with pytest.raises(BoardError) as refused:
        decode_package(packed(**changes), "x")
    assert refused.value.message.startswith(why)


def test_too_many_values_over_all_boards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("avatard.speech.boards.package._MAX_VALUES", 50)
    with pytest.raises(BoardError, match="more than 50 values in its boards"):
        decode_package(packed(), "x")


def test_data_uris() -> None:
    assert from_data_uri(to_data_uri("image/png", b"\0\xff"), "x") == b"\0\xff"
    assert from_data_uri("data:image/png;base64,AA\n AA", "x") == b"\0\0\0"
    assert from_data_uri("data:image/svg+xml;utf8,%3Csvg/%3E", "x") == b"<svg/>"
    for text in ("https://example.org/x.png", "data:image/png;base64", "data:;base64,A", "data:;base64,?!"):
        with pytest.raises(BoardError, match=r"^x: its data is not"):
            from_data_uri(text, "x")
