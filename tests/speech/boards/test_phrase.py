from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from avatard.errors import BoardError
from avatard.speech.boards import Store, find_phrase
from avatard.speech.boards.package import to_data_uri
from tests.speech.boards.silence import WAV


def board(id_: str, *buttons: dict[str, Any], **more: Any) -> str:
    return json.dumps(
        {
            "format": "open-board-0.1",
            "id": id_,
            "grid": {"rows": 1, "columns": 1, "order": []},
            "buttons": [{"id": str(n), **button} for n, button in enumerate(buttons)],
            **more,
        }
    )


@pytest.fixture
def store(tmp_path: Path) -> Store:
    folder = tmp_path / "shipped" / "set"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text('{"root": "b.obf"}')
    (folder / "a.obf").write_text(
        board("a", {"label": "hello", "vocalization": "from the other board"}, {"label": "Tea"})
    )
    home = board(
        "b",
        {
            "label": "Hello",
            "vocalization": "Hello, everyone!",
            "ext_avatard_emotion": "warm",
            "ext_avatard_voice": "de",
        },
        {"label": "odd", "ext_avatard_emotion": "smug"},
        {"label": "more", "load_board": {"id": "a"}},
        {"label": "drinks", "vocalization": "What is there to drink?", "load_board": {"id": "a"}},
        {"label": "clear", "action": ":clear"},
        {"label": "secret", "hidden": True},
        {"label": "mum", "sound_id": "s"},
        {"label": "dad", "sound_id": "o"},
        locale="en",
        sounds=[
            {"id": "s", "data": to_data_uri("audio/wav", WAV), "content_type": "audio/wav"},
            {"id": "o", "data": "data:,OggS", "content_type": "audio/ogg"},
        ],
    )
    (folder / "b.obf").write_text(home)
    return Store(tmp_path / "data", folder.parent)


def test_a_phrase_is_found_by_its_label_or_its_words(store: Store) -> None:
    for label in ("Hello", "  HELLO ", "hello, everyone!"):
        phrase = find_phrase(store, "set", label)
        assert (phrase.text, phrase.emotion, phrase.voice, phrase.language) == ("Hello, everyone!", "warm", "de", "en")
        assert phrase.recording is None
    assert find_phrase(store, "set", "tea").text == "Tea"
    assert find_phrase(store, "set", "drinks").text == "What is there to drink?"


def test_a_recording_comes_with_its_phrase(store: Store) -> None:
    assert find_phrase(store, "set", "mum").recording == WAV
    dad = find_phrase(store, "set", "dad")  # a sound that is not played: the voice says the text
    assert (dad.text, dad.recording) == ("dad", None)


def test_an_unknown_emotion_is_none(store: Store) -> None:
    assert find_phrase(store, "set", "odd").emotion is None


@pytest.mark.parametrize("label", ["more", "clear", "secret", "nothing", ""])
def test_what_says_nothing_is_no_phrase(store: Store, label: str) -> None:
    with pytest.raises(BoardError, match="no button of set says"):
        find_phrase(store, "set", label)


def test_a_near_one_is_named(store: Store) -> None:
    with pytest.raises(BoardError) as refused:
        find_phrase(store, "set", "helo")
    assert refused.value.hint.startswith("Near to it: hello")


def test_what_is_said_is_in_no_repr(store: Store) -> None:
    assert "everyone" not in repr(find_phrase(store, "set", "hello"))
