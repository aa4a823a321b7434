# ruff: noqa: RUF001 (the letters are IPA)
from __future__ import annotations

import json
import struct

import pytest

from avatard.speech.worker.protocol import (
    MAX_HEADER,
    MAX_SOUND,
    Cancel,
    Failed,
    Listing,
    Message,
    ProtocolError,
    Reader,
    Ready,
    Said,
    Say,
    encode,
)

SAID = Said(3, 22050, (("h", 0.0, 0.06), ("ˈɛ", 0.06, 0.2)), ((0, 5, 0.0),), "en-us", b"\1\0\2\0")
MESSAGES: list[Message] = [
    Say(3, "Grüße 👍", 1.5, 0.8, "de", ((0, 5, "ɡʁyːsə"),)),
    Cancel(3),
    Ready("espeak-ng 1.52.0"),
    SAID,
    Failed(3, "no", "do this"),
    Listing((("en-us", "English (America)", "en-us"),)),
]


def frame(header: object, sound: bytes = b"", magic: bytes = b"avs1") -> bytes:
    raw = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<4sII", magic, len(raw), len(sound)) + raw + sound


def test_a_message_is_the_documented_bytes() -> None:
    assert encode(Cancel(3)) == frame(b'{"kind":"cancel","id":3}')


@pytest.mark.parametrize("message", MESSAGES, ids=lambda m: m.kind)
def test_what_is_sent_arrives_as_it_was(message: Message) -> None:
    assert list(Reader().feed(encode(message))) == [message]


def test_messages_arrive_however_the_bytes_are_cut() -> None:
    stream = b"".join(map(encode, MESSAGES))
    for size in (1, 7, 64):
        reader = Reader()
        arrived = [m for i in range(0, len(stream), size) for m in reader.feed(stream[i : i + size])]
        assert arrived == MESSAGES


BAD = {
    "a library's words": b"Hello from a library\n",
    "another magic": frame({"kind": "cancel", "id": 3}, magic=b"avs2"),
    "no JSON": frame(b"{"),
    "no UTF-8": frame(b"\xff\xfe"),
    "nested too deep": frame(b"[" * 100_000),
    "no object": frame([1]),
    "no kind": frame({"id": 3}),
    "unknown kind": frame({"kind": "shout", "id": 3}),
    "kind of no text": frame({"kind": 3, "id": 3}),
    "a field less": frame({"kind": "cancel"}),
    "a field more": frame({"kind": "cancel", "id": 3, "x": 1}),
    "an id that is none": frame({"kind": "cancel", "id": True}),
    "an id below zero": frame({"kind": "cancel", "id": -1}),
    "an id that languages round": frame({"kind": "cancel", "id": 2**53}),
    "no number": frame(
        b'{"kind":"say","id":1,"text":"x","rate":NaN,"pitch":1.0,"language":"","sounds":[]}',
    ),
    "entries of another length": frame({"kind": "listing", "voices": [["en"]]}),
    "a list that is none": frame({"kind": "listing", "voices": "en"}),
    "half a sample": frame(
        {"kind": "said", "id": 1, "sample_rate": 1, "phonemes": [], "words": [], "language": ""}, b"\1"
    ),
    "sound behind what has none": frame({"kind": "cancel", "id": 3}, b"\1\0"),
    "too long a header": struct.pack("<4sII", b"avs1", MAX_HEADER + 1, 0),
    "too long a sound": struct.pack("<4sII", b"avs1", 2, MAX_SOUND + 1),
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD.keys())
def test_what_is_not_exactly_this_is_refused(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        list(Reader().feed(data))


def test_what_would_not_be_accepted_is_not_sent() -> None:
    for message in (
        Say(1, "half of \ud83d"),
        Say(-1, "x"),
        Say(1, "x", rate=float("inf")),
        Failed(1, "x" * MAX_HEADER),
    ):
        with pytest.raises(ProtocolError):
            encode(message)


def test_the_text_is_in_no_repr() -> None:
    assert "secret" not in repr(Say(1, "secret"))
