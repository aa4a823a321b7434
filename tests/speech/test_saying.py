from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatard.control.protocol import Request, encode_request
from avatard.errors import AudioError, ControlError
from avatard.speech.saying import MAX_CHARACTERS, Saying, Stage, Wish


def test_a_wish_says_how_and_leaves_the_rest_to_the_settings() -> None:
    wish = Wish.of_args({"text": "Hello", "rate": 2, "emotion": "happy", "private": True})
    assert (wish.text, wish.rate, wish.emotion, wish.private) == ("Hello", 2, "happy", True)
    assert (wish.voice, wish.pitch, wish.volume, wish.language) == (None, None, None, None)


@pytest.mark.parametrize(
    ("args", "error", "words"),
    [
        ({}, AudioError, "nothing to say"),
        ({"text": " \n"}, AudioError, "nothing to say"),
        ({"text": "a" * (MAX_CHARACTERS + 1)}, AudioError, "too many at once"),
        ({"text": "a", "emotion": "hungry"}, AudioError, "no emotion is called 'hungry'"),
        ({"text": "a", "txt": "b"}, ControlError, "no argument 'txt'"),
        ({"text": 7}, ControlError, "text is no str"),
        ({"text": "a", "rate": True}, ControlError, "rate is no float"),
        ({"text": "a", "private": 1}, ControlError, "private is no bool"),
    ],
)
def test_what_is_no_wish_is_refused(args: dict[str, object], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        Wish.of_args(args)


@pytest.mark.parametrize("character", ["a", "\u20ac", "\U0001f44d", "\x01", '"'])
def test_the_longest_text_fits_a_control_line_whatever_it_is_made_of(character: str) -> None:
    assert encode_request(Request(1, "say", {"text": character * MAX_CHARACTERS}))


@given(st.text(min_size=1))
def test_no_text_shows_in_a_wish_or_a_saying(text: str) -> None:
    marked = f"<<{text}>>"
    wish = Wish(marked)
    assert marked not in repr(wish)
    assert marked not in repr(Saying(1, wish, private=False))
    assert json.dumps(marked) not in repr(wish)


def test_how_far_it_has_come_follows_from_what_is_heard() -> None:
    saying = Saying(1, Wish("a"), private=False)
    assert saying.stage(0) is Stage.WAITING
    saying.first, saying.last = 100, 200
    assert saying.stage(0) is Stage.SPEAKING
    assert saying.stage(300) is Stage.SPEAKING, "more may come"
    saying.whole = True
    assert saying.stage(199) is Stage.SPEAKING
    assert saying.stage(200) is Stage.SAID
    saying.stopped = True
    assert saying.stage(150) is Stage.STOPPED
    saying.failure = AudioError("no voice")
    assert saying.stage(150) is Stage.FAILED
    assert saying.stage(150).over
