"""The control codec under anything at all: accepted, or a ProtocolError; never anything else."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from avatard.control.protocol import (
    MAX_LINE,
    LineBuffer,
    ProtocolError,
    Request,
    decode_reply,
    decode_request,
    encode_request,
)

_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
_almost = st.fixed_dictionaries(
    {"v": st.just(1) | _json, "id": st.integers(0, 9) | _json, "command": st.just("status") | _json},
    optional={"args": st.just({}) | _json, "ok": st.booleans(), "result": _json, "error": _json, "x": _json},
)
_lines = st.binary(max_size=300) | st.one_of(_json, _almost).map(lambda data: json.dumps(data).encode())


@given(_lines)
def test_any_line_is_a_request_or_a_protocol_error(line: bytes) -> None:
    try:
        request = decode_request(line)
    except ProtocolError:
        return
    assert decode_request(encode_request(request)) == request


@given(_lines)
def test_any_line_is_a_reply_or_a_protocol_error(line: bytes) -> None:
    try:
        reply = decode_reply(line)
    except ProtocolError:
        return
    assert (reply.failure is None) == (json.loads(line)["ok"] is True)


@given(st.integers(), st.text(max_size=40), st.dictionaries(st.text(max_size=8), _json, max_size=4))
def test_what_can_be_sent_arrives_as_it_was(number: int, command: str, args: dict[str, object]) -> None:
    try:
        line = encode_request(Request(number, command, args))
        request = decode_request(line)
    except ProtocolError:
        return
    assert request == Request(number, command, args)
    assert line.count(b"\n") == 1


@given(st.lists(st.binary(max_size=MAX_LINE // 8) | st.just(b"\n"), max_size=20))
def test_any_stream_gives_its_lines_or_ends_at_one_too_long(pieces: list[bytes]) -> None:
    buffer, lines = LineBuffer(), []
    for piece in pieces:
        buffer.feed(piece)
        try:
            while (line := buffer.take()) is not None:
                lines.append(line)
        except ProtocolError:
            break
        assert len(buffer) <= MAX_LINE
    expected = b"".join(pieces).split(b"\n")
    assert lines == expected[: len(lines)]
