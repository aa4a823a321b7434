"""A voice under anything at all: its protocol accepts or refuses, and no text breaks it."""

from __future__ import annotations

import io
import json
import struct
import wave

from hypothesis import given, settings
from hypothesis import strategies as st

from avatard.errors import AudioError
from avatard.speech.voices.clauses import Lengths, split
from avatard.speech.voices.ipa import bracketed
from avatard.speech.voices.phonemes import merge
from avatard.speech.voices.pronunciation import Pronunciations
from avatard.speech.voices.recorded import recording
from avatard.speech.voices.wording import clean
from avatard.speech.voices.words import place
from avatard.speech.worker.protocol import ProtocolError, Reader, Say, encode

_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
_header = st.fixed_dictionaries(
    {"kind": st.sampled_from(["say", "said", "cancel", "ready", "failed", "listing"]) | _json},
    optional={
        "id": st.integers(-1, 9) | _json,
        "text": st.text(max_size=9) | _json,
        "rate": st.floats() | _json,
        "pitch": st.just(1.0) | _json,
        "language": st.just("") | _json,
        "sounds": st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.text(max_size=3)), max_size=2) | _json,
        "sample_rate": st.just(22050) | _json,
        "phonemes": st.lists(st.tuples(st.text(max_size=3), st.floats(), st.floats()), max_size=2) | _json,
        "words": st.lists(st.tuples(st.integers(), st.integers(), st.floats()), max_size=2) | _json,
        "engine": st.text(max_size=3) | _json,
        "message": st.text(max_size=3) | _json,
        "hint": st.text(max_size=3) | _json,
    },
)
_frames = st.tuples(_header.map(lambda h: json.dumps(h).encode()) | st.binary(max_size=40), st.binary(max_size=9)).map(
    lambda parts: struct.pack("<4sII", b"avs1", len(parts[0]), len(parts[1])) + parts[0] + parts[1]
)
#: Letters, marks, accents, emoji, marks of direction, halves of characters.
_letters = st.characters() | st.sampled_from("aA1 .,!?\n\u0301\u200d\u202e\ud83d\udc4d\U0001f44d[]/。، ")
_texts = st.text(_letters, max_size=400)
_lengths = st.builds(Lengths, st.integers(2, 60), st.integers(2, 80), st.integers(0, 40))


@given(st.lists(_frames | st.binary(max_size=60), max_size=3).map(b"".join), st.integers(1, 50))
def test_any_bytes_are_messages_or_a_protocol_error(stream: bytes, size: int) -> None:
    reader = Reader()
    try:
        for i in range(0, len(stream), size):
            for message in reader.feed(stream[i : i + size]):
                assert list(Reader().feed(encode(message))) == [message]
    except ProtocolError:
        return


@given(_texts, st.floats(), st.floats())
def test_what_can_be_sent_arrives_as_it_was(text: str, rate: float, pitch: float) -> None:
    message = Say(1, text, rate, pitch)
    try:
        data = encode(message)
    except ProtocolError:
        return
    assert list(Reader().feed(data)) == [message]


@settings(deadline=None)
@given(st.binary(max_size=200), st.lists(st.tuples(st.integers(0, 43), st.integers(0, 255)), max_size=6))
def test_any_file_is_a_recording_or_an_audio_error(tail: bytes, changes: list[tuple[int, int]]) -> None:
    file = io.BytesIO()
    with wave.open(file, "wb") as wav:
        wav.setparams((1, 2, 16_000, 0, "NONE", ""))
        wav.writeframes(bytes(400))
    data = bytearray(file.getvalue()[:-200] + tail)
    for place_, value in changes:
        data[place_] = value
    try:
        assert len(recording(bytes(data), "phrase").pcm) > 0
    except AudioError:
        return


@settings(deadline=None)
@given(_texts, _lengths)
def test_clauses_leave_out_nothing_that_can_be_said(text: str, lengths: Lengths) -> None:
    at = 0
    for first, last in split(text, lengths):
        assert at <= first < last <= len(text)
        assert not any(c.isalnum() for c in text[at:first])
        at = last
    assert not any(c.isalnum() for c in text[at:])


@given(_texts)
def test_whatever_is_typed_can_be_sent_and_found_again(text: str) -> None:
    wording = Pronunciations({"a": "b c", "1": "/wʌn/"}).applied(clean(text))
    assert len(wording.text) == len(wording.first) == len(wording.last)
    encode(Say(1, wording.text, sounds=wording.sounds))
    for i in range(len(wording.text)):
        first, last = wording.source(i, i + 1)
        assert 0 <= first < last <= len(text)
    assert list(wording.first) == sorted(wording.first)
    marked, origin = bracketed(wording.text, wording.sounds)
    assert len(origin) == len(marked) + 1
    assert origin == sorted(origin)


@given(
    _texts,
    st.lists(st.tuples(st.integers(-5, 400), st.integers(-5, 400), st.floats(-1, 9)), max_size=20),
    st.lists(st.tuples(st.text(max_size=4), st.floats(-1, 9), st.floats(-1, 9)), max_size=20),
    st.floats(0, 5),
)
def test_whatever_an_engine_says_words_and_phonemes_are_in_order(
    text: str, begins: list[tuple[int, int, float]], raw: list[tuple[str, float, float]], seconds: float
) -> None:
    phonemes = merge(sorted(raw, key=lambda phoneme: phoneme[1]), seconds)
    for phoneme in phonemes:
        assert 0 <= phoneme.start_s <= phoneme.end_s <= seconds
    reached, at_s = 0, 0.0
    for word in place(text, begins, phonemes, seconds):
        assert reached <= word.first < word.last <= len(text)
        assert at_s <= word.start_s <= word.end_s <= seconds
        reached, at_s = word.last, word.start_s
