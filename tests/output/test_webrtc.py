"""The preview: what it shows to a viewer by aiortc, and to whom it shows nothing."""

from __future__ import annotations

import asyncio
import itertools
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import aiohttp
import numpy as np
import psutil
import pytest
from aiortc import RTCConfiguration, RTCPeerConnection

from avatard.errors import ConfigError, SinkError
from avatard.output import readers_of
from avatard.output.webrtc import WebRtc, open_webrtc
from avatard.sealed import SealedPool, VideoFormat
from tests.output.webrtc_viewer import ask, look, offer_of

FORMAT = VideoFormat(320, 240, 30.0)
PERIOD_S = 1 / FORMAT.fps


@pytest.fixture
def sink() -> Iterator[WebRtc]:
    with open_webrtc("", FORMAT) as sink:
        yield sink


@contextmanager
def written(sink: WebRtc) -> Iterator[None]:
    """Pictures that get brighter from one to the next, at the camera's rate, from a thread."""
    stop = threading.Event()
    pool = SealedPool(FORMAT, buffers=1)

    def write() -> None:
        for number in itertools.count():
            if stop.wait(PERIOD_S):
                return
            buffer = pool.take()
            buffer[: FORMAT.height] = 30 + number % 180
            buffer[FORMAT.height :] = 128
            sealed = pool._mint(buffer, number, 0, 0)
            sink.write(sealed)
            sealed.release()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def until(condition: Callable[[], bool]) -> None:
    for _ in range(1000):
        if condition():
            return
        threading.Event().wait(0.02)
    pytest.fail("never came")


def test_a_viewer_sees_the_pictures_in_order(sink: WebRtc) -> None:
    assert readers_of(sink) == 0
    with written(sink):
        seen = asyncio.run(look(sink.address, 30))
        until(lambda: readers_of(sink) == 0)

    levels = [float(np.median(picture[: FORMAT.height])) for picture in seen]
    steps = np.diff(levels) % 180
    assert seen[0].shape == (360, 320)
    assert (steps > 0).all()
    assert np.median(steps) < 3  # each one, or nearly
    assert abs(float(seen[-1][FORMAT.height :].mean()) - 128) < 1


def test_several_see_the_same(sink: WebRtc) -> None:
    async def both() -> list[list[np.ndarray]]:
        return list(await asyncio.gather(look(sink.address, 10), look(sink.address, 10)))

    with written(sink):
        first, second = asyncio.run(both())
    assert len(first) == len(second) == 10


def test_nothing_is_open_but_on_loopback(sink: WebRtc) -> None:
    """Neither the page's port nor the sockets that pictures go through."""

    async def sockets() -> tuple[set[str], str]:
        connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        answer = await ask(sink.address, await offer_of(connection))
        own = {c.laddr.ip for c in psutil.Process().net_connections("inet") if c.laddr}
        await connection.close()
        return own, answer

    addresses, answer = asyncio.run(sockets())
    assert addresses == {"127.0.0.1"}
    candidates = [line for line in answer.splitlines() if line.startswith("a=candidate")]
    assert len(candidates) == 1
    assert " 127.0.0.1 " in candidates[0]


async def post(sink: WebRtc, body: str, **headers: str) -> tuple[int, str]:
    base, _, token = sink.address.partition("#")
    given = {"Authorization": f"Bearer {token}", **headers}
    async with aiohttp.ClientSession() as session, session.post(f"{base}offer", data=body, headers=given) as response:
        return response.status, await response.text()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Authorization": ""}, 401),
        ({"Authorization": "Bearer guessed"}, 401),
        ({"Authorization": "Bearer \u00e4"}, 401),
        ({"Origin": "https://example.org"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "rebound.example.org"}, 403),
    ],
)
def test_who_was_not_asked_sees_nothing(sink: WebRtc, headers: dict[str, str], status: int) -> None:
    async def attempt() -> tuple[int, str]:
        connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        try:
            return await post(sink, await offer_of(connection), **headers)
        finally:
            await connection.close()

    assert asyncio.run(attempt())[0] == status
    assert sink.readers == 0


@pytest.mark.parametrize(
    "offer",
    [
        "",
        "v=0",
        "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n",
        "v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n",
        "v=0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n",
        "\x00\nm=video x\n" * 2,
        "\nm=video \n" + "a=" * 20_000,
    ],
)
def test_what_is_no_offer_is_refused(sink: WebRtc, offer: str) -> None:
    status, text = asyncio.run(post(sink, offer))

    assert (status, text) == (400, "not an offer to see one H.264 video\n")
    assert sink.readers == 0


def test_what_is_too_long_is_refused(sink: WebRtc) -> None:
    assert asyncio.run(post(sink, "a" * 100_000))[0] == 413


def test_no_more_than_a_few_look(sink: WebRtc) -> None:
    async def five() -> list[int]:
        connections = [RTCPeerConnection(RTCConfiguration(iceServers=[])) for _ in range(5)]
        try:
            return [(await post(sink, await offer_of(connection)))[0] for connection in connections]
        finally:
            for connection in connections:
                await connection.close()

    assert asyncio.run(five()) == [200, 200, 200, 200, 503]


def test_the_page_loads_nothing_from_elsewhere(sink: WebRtc) -> None:
    async def get(path: str) -> tuple[str, str, str]:
        async with aiohttp.ClientSession() as session, session.get(sink.address.partition("#")[0] + path) as response:
            assert response.status == 200
            return response.content_type, response.headers["Content-Security-Policy"], await response.text()

    for path, kind in (("", "text/html"), ("viewer.js", "text/javascript"), ("viewer.css", "text/css")):
        content_type, policy, text = asyncio.run(get(path))
        assert content_type == kind
        assert policy.startswith("default-src 'none'; script-src 'self'")
        assert "://" not in text


def test_the_token_is_told_once_and_not_described(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "avatard")  # a test of the command line may have set it higher
    sink = open_webrtc("", FORMAT)
    for _ in range(2):  # as when it is opened again
        with sink:
            assert sink.address.partition("#")[2] not in sink.description
    told = [record.getMessage() for record in caplog.records if "preview" in record.getMessage()]

    assert told == [f"preview: open {sink.address}"]


def test_a_port_that_is_taken_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SinkError, match=f"port {port} of 127.0.0.1 is taken"), open_webrtc(str(port), FORMAT):
            pass


@pytest.mark.parametrize("port", ["http", "0", "-1", "70000", "²"])
def test_what_is_no_port_is_a_config_error(port: str) -> None:
    with pytest.raises(ConfigError, match="is no port"):
        open_webrtc(port, FORMAT)


def test_missing_packages_say_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "aiohttp", None)
    monkeypatch.delitem(sys.modules, "avatard.output.webrtc_service", raising=False)
    with pytest.raises(SinkError, match="aiohttp is not installed") as caught, open_webrtc("", FORMAT):
        pass

    assert caught.value.hint == 'pip install "avatard[webrtc]"'
