from __future__ import annotations

import json

import pytest

from avatard.control.protocol import (
    MAX_LINE,
    Failure,
    LineBuffer,
    ProtocolError,
    Reply,
    Request,
    decode_reply,
    decode_request,
    encode_reply,
    encode_request,
)


def test_a_request_is_the_documented_line() -> None:
    line = encode_request(Request(7, "use", {"avatar": "mira"}))
    assert line == b'{"v":1,"id":7,"command":"use","args":{"avatar":"mira"}}\n'
    assert decode_request(line) == Request(7, "use", {"avatar": "mira"})


def test_replies_are_the_documented_lines() -> None:
    done = Reply(7, {"state": "live"})
    assert encode_reply(done) == b'{"v":1,"id":7,"ok":true,"result":{"state":"live"}}\n'
    refused = Reply(None, failure=Failure("no", "do this", 14))
    assert encode_reply(refused) == (
        b'{"v":1,"id":null,"ok":false,"error":{"message":"no","hint":"do this","exit_code":14}}\n'
    )
    assert decode_reply(encode_reply(done)) == done
    assert decode_reply(encode_reply(refused)) == refused


GOOD = {"v": 1, "id": 1, "command": "status", "args": {}}
CHANGES: tuple[dict[str, object], ...] = (
    {"v": 2},
    {"v": True},
    {"v": "1"},
    {"id": -1},
    {"id": True},
    {"id": 1.0},
    {"id": 2**53},
    {"id": None},
    {"command": ""},
    {"command": "../stop"},
    {"command": "Status"},
    {"command": "status\n"},
    {"command": "a" * 33},
    {"command": 3},
    {"args": []},
    {"args": None},
    {"more": 1},
)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"GET / HTTP/1.1\r",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"[" * 60_000,
        b'{"v":' + b"1" * 5000 + b"}",
        b'{"v":1,"v":1,"id":1,"command":"status","args":{}}',
        b'{"v":1,"id":1,"command":"status","args":{"x":NaN}}',
        b'{"v":1,"id":1,"command":"status","args":{"x":1e999}}',
        *(json.dumps(GOOD | change).encode() for change in CHANGES),
        json.dumps({"v": 1, "id": 1, "command": "status"}).encode(),
    ],
)
def test_what_is_not_exactly_a_request_is_refused(line: bytes) -> None:
    with pytest.raises(ProtocolError, match="control protocol") as caught:
        decode_request(line)
    assert caught.value.exit_code == 18
    assert caught.value.hint


@pytest.mark.parametrize(
    "data",
    [
        {"v": 1, "id": 1, "ok": True, "result": []},
        {"v": 1, "id": 1, "ok": False, "result": {}},
        {"v": 1, "id": "1", "ok": True, "result": {}},
        {"v": 1, "id": 1, "ok": True, "error": {"message": "", "hint": "", "exit_code": 1}},
        {"v": 1, "id": 1, "ok": False, "error": {"message": "", "hint": "", "exit_code": 0}},
        {"v": 1, "id": 1, "ok": False, "error": {"message": "", "hint": "", "exit_code": 256}},
        {"v": 1, "id": 1, "ok": False, "error": {"message": 3, "hint": "", "exit_code": 1}},
        {"v": 1, "id": 1, "ok": False, "error": {"message": "", "hint": ""}},
        {"v": 1, "id": 1, "ok": False, "error": "no"},
    ],
)
def test_what_is_not_exactly_a_reply_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(ProtocolError):
        decode_reply(json.dumps(data).encode())


@pytest.mark.parametrize("result", [{"x": float("nan")}, {"x": object()}, {"x": "a" * MAX_LINE}])
def test_what_cannot_be_said_is_not_sent(result: dict[str, object]) -> None:
    with pytest.raises(ProtocolError):
        encode_reply(Reply(1, result))


def test_lines_come_out_whole_however_they_came_in() -> None:
    buffer = LineBuffer()
    assert buffer.count == 0
    for byte in b"one\ntwo\n\nthr":
        buffer.feed(bytes([byte]))
    assert [buffer.take() for _ in range(4)] == [b"one", b"two", b"", None]
    buffer.feed(b"ee\n")
    assert buffer.has_line
    assert buffer.take() == b"three"


def test_a_line_of_the_limit_is_taken_and_one_beyond_is_not() -> None:
    buffer = LineBuffer()
    buffer.feed(b"a" * (MAX_LINE - 1) + b"\n")
    assert buffer.take() == b"a" * (MAX_LINE - 1)
    buffer.feed(b"a" * MAX_LINE + b"\n")
    with pytest.raises(ProtocolError, match="longer"):
        buffer.take()


def test_an_endless_line_is_refused_before_it_ends() -> None:
    buffer = LineBuffer()
    buffer.feed(b"a" * MAX_LINE)
    assert buffer.take() is None
    buffer.feed(b"a")
    assert buffer.has_line
    with pytest.raises(ProtocolError, match="longer"):
        buffer.take()
