from __future__ import annotations

import io
import json
from typing import Any

import pytest
from PIL import Image

from avatard.errors import BoardError
from avatard.speech.boards.examine import examine
from avatard.speech.boards.package import Package, read_package, to_data_uri
from tests.speech.boards.silence import WAV

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>x</script></svg>'
CLEAN = b'<svg xmlns="http://www.w3.org/2000/svg"></svg>'


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (2, 2)).save(out, "PNG")
    return out.getvalue()


def package(files: dict[str, bytes] | None = None, manifest: dict[str, Any] | None = None, **board: Any) -> Package:
    home = {"format": "open-board-0.1", "id": "b", "grid": {"rows": 1, "columns": 1, "order": []}, **board}
    listed = {"root": "b.obf", "paths": manifest or {}}
    texts = {"manifest.json": json.dumps(listed).encode(), "b.obf": json.dumps(home).encode()}
    return read_package({**texts, **(files or {})}, "x")


def test_pictures_and_sounds_are_kept_as_what_they_are() -> None:
    examined = examine(
        package(
            {"p.png": png(), "s": WAV, "drawing.png": SVG, "listed.svg": SVG},
            {"images": {"l": "listed.svg"}},
            images=[
                {"id": "file", "path": "p.png", "content_type": "image/jpeg"},
                {"id": "inside", "data": to_data_uri("image/png", SVG), "path": "p.png"},
                {"id": "drawing", "path": "drawing.png", "width": 7},
            ],
            sounds=[{"id": "s", "path": "s"}],
        ),
        "x",
    )
    kept = examined.package
    file, inside, drawing = kept.home.images
    assert (file.content_type, kept.content(file, "images")) == ("image/png", png())
    assert (inside.content_type, kept.content(inside, "images")) == ("image/svg+xml", CLEAN)
    assert (drawing.content_type, kept.content(drawing, "images")) == ("image/svg+xml", CLEAN)
    assert drawing.rest == {"width": 7}
    assert kept.media["listed.svg"] == CLEAN  # no board shows it, but the manifest calls it a picture
    assert kept.home.sounds[0].content_type == "audio/wav"
    assert examined.notes == ()
    again = examine(kept, "x")
    assert again.package == kept


@pytest.mark.parametrize(
    ("files", "board", "why"),
    [
        ({"p": b"?"}, {"images": [{"id": "1", "path": "p"}]}, "x: p: it is no picture that is known"),
        ({"s": b"?"}, {"sounds": [{"id": "1", "path": "s"}]}, "x: s: it is no sound that is known"),
        ({}, {"images": [{"id": "1", "data": "data:,x"}]}, "x: image 1: it is no picture that is known"),
        ({}, {"images": [{"id": "1", "data": "https://example.org"}]}, "x: image 1: its data is not a data: URI"),
        ({}, {"sounds": [{"id": "1", "data": "data:,x"}]}, "x: sound 1: it is no sound that is known"),
        (
            {"p": WAV},
            {"images": [{"id": "1", "path": "p"}], "sounds": [{"id": "1", "path": "p"}]},
            "x: p: it is no picture that is known",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(files: dict[str, bytes], board: dict[str, Any], why: str) -> None:
    with pytest.raises(BoardError) as refused:
        examine(package(files, **board), "x")
    assert refused.value.message == why


def test_what_will_not_work_is_told() -> None:
    examined = examine(
        package(
            {"readme.txt": b"", "more.txt": b""},
            images=[{"id": "1", "url": "https://example.org/x.png"}, {"id": "2", "path": "gone.png"}],
            sounds=[{"id": "1", "url": "https://example.org/x.wav"}, {"id": "2", "data": "data:,OggS"}],
            buttons=[
                {"id": "1", "load_board": {"url": "https://example.org"}, "ext_avatard_emotion": "smug"},
                {"id": "2", "action": ":ext_other_flip"},
                {"id": "3", "actions": [":home", ":ext_other_flip"]},
                {"id": "4", "load_board": {"id": "b"}, "ext_avatard_emotion": "happy"},
            ],
        ),
        "x",
    )
    assert examined.notes == (
        "2 pictures are not in the file and are not fetched: their buttons have only text",
        "1 sound is not in the file and is not fetched: the voice says the text",
        "1 sound is no WAV file: it is kept, and the voice says the text",
        "1 button opens a board that is not in the file",
        "the action ':ext_other_flip' of 2 buttons is not known here, and does nothing",
        "no emotion is called 'smug': such buttons are said without",
        "2 files belong to no board: they are kept, and never opened",
    )
