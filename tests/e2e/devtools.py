"""A headless Chromium, led by its own DevTools protocol: what a page shows, asked from outside."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import aiohttp
import cv2
import numpy as np
import pytest

from avatard.bench.chromium import chromium_at, find_chromium

needs_chromium = pytest.mark.skipif(not find_chromium(), reason="needs Chromium: apt install chromium")
#: Only ends a test that hangs.
PATIENCE_S = 60.0
#: A page's own picture of a video, as PNG; what the page shows of it is not looked at.
_STILL = """(() => {
  const video = document.querySelector("video"), canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  canvas.getContext("2d").drawImage(video, 0, 0);
  return canvas.toDataURL("image/png");
})()"""


class PageError(RuntimeError):
    """What JavaScript threw, or a page that went away meanwhile."""


class Page:
    """One page at `url` in a browser of its own. An async context manager."""

    def __init__(self, folder: Path, url: str, environment: Mapping[str, str], *options: str) -> None:
        self._profile = folder / "chromium"
        self._log = folder / "chromium.log"
        self._running = chromium_at(url, self._profile, "--remote-debugging-port=0", *options, environment=environment)
        self._asked = 0

    async def __aenter__(self) -> Page:
        self._browser = self._running.__enter__()
        self._session = aiohttp.ClientSession()
        try:
            self._socket = await self._session.ws_connect(await self._address(), max_msg_size=0)
        except BaseException:
            await self.__aexit__(None, None, None)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None
    ) -> None:
        await self._session.close()
        self._running.__exit__(kind, e, tb)

    async def evaluate(self, expression: str) -> Any:
        """What JavaScript makes of it, once it is settled."""
        self._asked += 1
        params = {"expression": expression, "awaitPromise": True, "returnByValue": True}
        await self._socket.send_json({"id": self._asked, "method": "Runtime.evaluate", "params": params})
        while (answer := await self._socket.receive_json(timeout=PATIENCE_S)).get("id") != self._asked:
            pass  # news of other things
        result = answer.get("result", {})
        if "result" not in result or "exceptionDetails" in result:
            raise PageError(answer)
        return result["result"].get("value")

    async def until(self, expression: str) -> None:
        """Wait until it is true."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            with suppress(PageError):  # such as from the empty page before ours
                if await self.evaluate(expression):
                    return
            await asyncio.sleep(0.1)
        raise AssertionError(f"never came: {expression}")

    async def still(self) -> np.ndarray:
        """The page's video as it is now, HxWx3 BGR."""
        png = base64.b64decode((await self.evaluate(_STILL)).partition(",")[2])
        picture = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
        assert picture is not None
        return np.asarray(picture)

    async def _address(self) -> str:
        """Of the page's own socket."""
        end = time.monotonic() + PATIENCE_S
        while self._browser.poll() is None and time.monotonic() < end:
            try:
                port = (self._profile / "DevToolsActivePort").read_text().splitlines()[0]
                async with self._session.get(f"http://127.0.0.1:{port}/json") as response:
                    for target in await response.json():
                        if target["type"] == "page":
                            return str(target["webSocketDebuggerUrl"])
            except (OSError, IndexError, aiohttp.ClientError):
                pass  # not yet
            await asyncio.sleep(0.1)
        raise AssertionError(self._log.read_text())
