from __future__ import annotations

import io
import json
import os
import socket
import sys
from pathlib import Path
from typing import Any, NoReturn

import pytest
from PIL import Image

from avatard.errors import BoardError
from avatard.speech.boards import Store, open_store
from avatard.speech.boards.package import decode_package


def board(id_: str = "b", **more: Any) -> dict[str, Any]:
    grid = {"rows": 1, "columns": 1, "order": [["1"]]}
    return {"format": "open-board-0.1", "id": id_, "grid": grid, "buttons": [{"id": "1", "label": "hi"}], **more}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    shipped = tmp_path / "shipped" / "meeting"
    shipped.mkdir(parents=True)
    (shipped / "board.obf").write_text(json.dumps(board(name="Meeting", locale="en")))
    return Store(tmp_path / "data" / "phrases", shipped.parent)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "My Words.obf"
    found.write_text(json.dumps(board("mine", name="Words", ext_other=[1])))
    return found


def test_a_board_is_taken_in_and_given_out_again(store: Store, file: Path, tmp_path: Path) -> None:
    assert store.add(file).name == "my-words"
    assert [
        (entry.name, entry.title, entry.boards, entry.buttons, entry.shipped) for entry in store.list().entries
    ] == [
        ("my-words", "Words", 1, 1, False),
        ("meeting", "Meeting", 1, 1, True),
    ]
    store.export("my-words", tmp_path / "out.obf")
    assert json.loads((tmp_path / "out.obf").read_text()) == {**board("mine", name="Words", ext_other=[1]),
        "images": [], "sounds": []}  # fmt: skip
    store.export("my-words", tmp_path / "out.obz")
    assert decode_package((tmp_path / "out.obz").read_bytes(), "x") == store.load("my-words")
    store.add(tmp_path / "out.obz", "again")
    assert store.load("again") == store.load("my-words")


@pytest.mark.skipif(sys.platform == "win32", reason="no modes of files there")
def test_boards_are_for_their_owner_alone(store: Store, file: Path, tmp_path: Path) -> None:
    store.add(file)
    kept = tmp_path / "data" / "phrases" / "my-words.obz"
    assert (kept.stat().st_mode & 0o777, kept.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_name_that_is_taken(store: Store, file: Path) -> None:
    store.add(file, "one")
    with pytest.raises(BoardError, match="there are phrases called one already"):
        store.add(file, "one")
    store.add(file, "one", replace=True)
    with pytest.raises(BoardError, match="meeting is a shipped set"):
        store.add(file, "meeting", replace=True)


@pytest.mark.parametrize("name", ["../x", "A", "x" * 33, "-x", ".x", "x\n"])
def test_names_are_plain(store: Store, file: Path, name: str) -> None:
    for use in (lambda: store.add(file, name), lambda: store.load(name), lambda: store.remove(name)):
        with pytest.raises(BoardError, match="is no name for phrases"):
            use()


def test_a_file_that_is_called_badly_wants_a_name(store: Store, file: Path) -> None:
    with pytest.raises(BoardError, match="is no name") as refused:
        store.add(file.rename(file.with_name("слова.obf")))
    assert "--name" in refused.value.hint


def test_nothing_is_taken_where_something_is_wrong(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "bad.obf"
    file.write_text(json.dumps(board(images=[{"id": "1", "data": "data:,x"}])))
    with pytest.raises(BoardError, match=r"^bad.obf: image 1: it is no picture"):
        store.add(file)
    assert not (tmp_path / "data").exists()


def test_a_failed_replacement_leaves_what_was_there(
    store: Store, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> NoReturn:
        raise OSError(28, "No space left on device")

    store.add(file)
    before = (tmp_path / "data" / "phrases" / "my-words.obz").read_bytes()
    file.write_text(json.dumps(board("other")))
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(BoardError, match="cannot keep the phrases: No space left on device"):
            store.add(file, replace=True)
    assert [f.read_bytes() for f in (tmp_path / "data" / "phrases").iterdir()] == [before]


def test_a_damaged_set_does_not_hide_the_others(store: Store, file: Path, tmp_path: Path) -> None:
    store.add(file)
    (tmp_path / "data" / "phrases" / "bad.obz").write_bytes(b"PK")
    (tmp_path / "data" / "phrases" / "Not Ours.obz").write_bytes(b"PK")
    listing = store.list()
    assert [entry.name for entry in listing.entries] == ["my-words", "meeting"]
    assert [(name, error.message) for name, error in listing.damaged] == [("bad", "bad: not a sound zip archive")]
    store.remove("bad")
    assert not store.list().damaged


def test_removing(store: Store, file: Path) -> None:
    store.add(file)
    store.remove("my-words")
    for name, why in (("my-words", "there are no phrases called"), ("meeting", "meeting is a shipped set")):
        with pytest.raises(BoardError, match=why):
            store.remove(name)
    with pytest.raises(BoardError, match="there are no phrases called my-words") as refused:
        store.load("my-words")
    assert refused.value.hint == "There are meeting."


def test_what_cannot_be_exported(store: Store, tmp_path: Path) -> None:
    taken = tmp_path / "taken.obz"
    taken.write_bytes(b"mine")
    for file, board_id, why in (
        (taken, "", "is there already"),
        (tmp_path / "x.zip", "", r"x.zip is neither .obf nor .obz"),
        (tmp_path / "x.obf", "nine", "meeting has no board 'nine'"),
        (tmp_path / "none" / "x.obz", "", "cannot write"),
    ):
        with pytest.raises(BoardError, match=why):
            store.export("meeting", file, board_id)
    assert taken.read_bytes() == b"mine"
    store.export("meeting", taken, replace=True)
    assert decode_package(taken.read_bytes(), "x").home.name == "Meeting"


def test_a_file_that_cannot_be_read(store: Store, tmp_path: Path) -> None:
    with pytest.raises(BoardError, match=r"cannot read .*: No such file"):
        store.add(tmp_path / "none.obf")


def test_importing_asks_nobody_on_the_network(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Addresses everywhere that an address can stand, and no socket."""
    out = io.BytesIO()
    Image.new("RGB", (2, 2)).save(out, "PNG")
    web = "https://example.org/x"
    link = {"url": web, "data_url": web, "path": web}
    drawing = f'<!DOCTYPE svg SYSTEM "{web}"><svg xmlns="http://www.w3.org/2000/svg"><image href="{web}"/></svg>'
    file = tmp_path / "web.obf"
    everywhere = board(
        url=web,
        data_url=web,
        license={"source_url": web},
        description_html=f"<img src='{web}'>",
        buttons=[{"id": "1", "label": web, "url": web, "load_board": link, "image_id": "1", "sound_id": "1"}],
        images=[{"id": "1", **link}, {"id": "2", "url": web, "data": "data:image/svg+xml," + drawing}],
        sounds=[{"id": "1", **link}],
    )
    file.write_text(json.dumps(everywhere))

    def no_socket(*_: object, **__: object) -> NoReturn:
        raise AssertionError("a socket was asked for")

    monkeypatch.setattr(socket, "socket", no_socket)
    monkeypatch.setattr(socket, "getaddrinfo", no_socket)
    store.add(file)
    package = store.load("web")
    assert package.content(package.home.images[0], "images") is None
    assert package.content(package.home.images[1], "images") == (
        b'<svg xmlns="http://www.w3.org/2000/svg"><image></image></svg>'
    )
    assert package.home.images[0].url == web


def test_the_users_own_store(file: Path) -> None:
    from avatard import paths

    own = open_store()
    assert own.add(file, "of-a-test").name == "of-a-test"
    assert (paths.phrases() / "of-a-test.obz").is_file()
    own.remove("of-a-test")
