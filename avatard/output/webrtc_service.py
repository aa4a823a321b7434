"""The preview's two threads: one encodes the newest picture, one serves page and viewers."""

from __future__ import annotations

import asyncio
import threading
import time
from types import TracebackType
from typing import TYPE_CHECKING

from aiohttp import web

from avatard.output.webrtc_encoder import Encoder, picture_of
from avatard.output.webrtc_server import application
from avatard.output.webrtc_viewers import LOOPBACK, Viewers
from avatard.slot import Slot

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from av import VideoFrame
    from typing_extensions import Self

    from avatard.sealed import Sealed, VideoFormat

#: For opening a port and for hanging up; each takes milliseconds.
PATIENCE_S = 5.0


class Service:
    """Runs while entered. Entering raises OSError where the port cannot be had; `port` is then the one in use."""

    def __init__(self, port: int, token: str, format: VideoFormat) -> None:  # noqa: A002
        self.port = port
        self._format = format
        self._viewers = Viewers()
        self._newest: Slot[VideoFrame] = Slot()
        self._runner = web.AppRunner(application(self._viewers, token), access_log=None, shutdown_timeout=1.0)
        self._loop = asyncio.new_event_loop()
        self._serving = threading.Thread(target=self._loop.run_forever, name="webrtc", daemon=True)
        self._encoding = threading.Thread(target=self._encode, name="webrtc-encoder", daemon=True)

    def __enter__(self) -> Self:
        self._serving.start()
        try:
            self._run(self._open())
        except BaseException:
            self._end_loop()
            raise
        self._encoding.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        self._newest.close()
        self._encoding.join(PATIENCE_S)
        try:
            self._run(self._close())
        finally:
            self._end_loop()

    @property
    def viewers(self) -> int:
        """How many look. Any thread."""
        return self._viewers.count

    def show(self, sealed: Sealed) -> None:
        """Take a copy for the viewers; one that still waits is dropped for it."""
        self._newest.put(picture_of(sealed.i420, time.monotonic_ns()))

    def _encode(self) -> None:
        encoder = Encoder(self._format)
        wanted = self._viewers.key_frame_wanted
        while (picture := self._newest.take()) is not None:
            key_frame = wanted.is_set()
            wanted.clear()
            packets = encoder.encode(picture, key_frame=key_frame)
            self._loop.call_soon_threadsafe(self._viewers.send, packets)

    async def _open(self) -> None:
        await self._runner.setup()
        await web.TCPSite(self._runner, LOOPBACK, self.port).start()
        self.port = self._runner.addresses[0][1]

    async def _close(self) -> None:
        await self._viewers.close()
        await self._runner.cleanup()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE_S)

    def _end_loop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._serving.join(PATIENCE_S)
        self._loop.close()
