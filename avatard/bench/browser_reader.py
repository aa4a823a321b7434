"""The reader that a call is: a real Chromium. `python -m avatard.bench.browser_reader RING [MOUTH] [SIZE]`, a `Child`.

A page watches the camera (Chromium's fake one, which reads the y4m ring) with requestVideoFrameCallback and sends here
when each frame came, the barcode's blocks and the mouth. The page's clock is not ours: it asks for ours every second,
and what that can be wrong by is told (`clock_ms`).
"""

from __future__ import annotations

import base64
import http.server
import json
import queue
import subprocess
import sys
import tempfile
import threading
import time
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from avatard.bench.child import cannot, ready, tell, watching
from avatard.bench.chromium import INSTALL, VERSION_S, camera_from, chromium_at, find_chromium
from avatard.bench.notebook import SMALL, Box
from avatard.programs import run
from avatard.seal.barcode import COLUMNS, ROWS, parse, place

#: The browser's start takes its share of the cores; what counts is a call that runs.
SETTLE_MS = 3000
#: How long the browser may take to start and open the camera.
PATIENCE_S = 50.0


class Page(http.server.ThreadingHTTPServer):
    """Serves the page, and keeps what it sends: ("frames", …) and ("failed", …)."""

    daemon_threads = True

    def __init__(self, layout: dict[str, Any]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        text = (files("avatard.bench") / "browser_page.html").read_text(encoding="utf-8")
        self.page = text.replace("/*layout*/null", json.dumps(layout)).encode()
        self.said: queue.SimpleQueue[tuple[str, dict[str, Any]]] = queue.SimpleQueue()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that is killed leaves its connections open: no news."""

    @property
    def url(self) -> str:
        """Where the browser finds it."""
        return f"http://127.0.0.1:{self.server_port}/"


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Page
    protocol_version = "HTTP/1.1"  # the connection stays: asking for the clock costs one round trip

    def do_GET(self) -> None:
        self._answer("text/html", self.server.page)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        now_ms = time.monotonic_ns() / 1e6
        self._answer("application/json", json.dumps({"now_ms": now_ms}).encode())
        if self.path != "/clock":
            self.server.said.put((self.path.strip("/"), body))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's word)
        return

    def _answer(self, kind: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Frames:
    """What the page sent, as `Notebook.as_json` tells it.

    Both clocks count the same seconds from different beginnings, so one comparison holds for all frames: the best.
    """

    def __init__(self) -> None:
        self._rows: list[tuple[int, int, float]] = []
        self._mouths: list[bytes] = []
        self._trip_ms, self._ahead_ms = float("inf"), 0.0

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, said: dict[str, Any]) -> None:
        """One second of it: `frames`, and how far our clock is `ahead` of the page's, by a question and its answer
        that took `trip`; ms."""
        if said["trip"] < self._trip_ms:
            self._trip_ms, self._ahead_ms = said["trip"], said["ahead"]
        for at_ms, blocks, mouth in said["frames"]:
            luma = np.frombuffer(base64.b64decode(blocks), np.uint8)
            found = parse(luma > 128)
            if found is not None:
                self._rows.append((*found, at_ms))
                self._mouths.append(base64.b64decode(mouth or ""))

    def as_json(self, facts: str) -> dict[str, Any]:
        """For `child.tell`."""
        return {
            "sightings": [
                (seq, taken_ns, round((at_ms + self._ahead_ms) * 1e6)) for seq, taken_ns, at_ms in self._rows
            ],
            "mouths": base64.b64encode(b"".join(self._mouths)).decode("ascii"),
            "clock_ms": self._trip_ms / 2 if self._rows else 0.0,
            "facts": facts,
        }


def layout(width: int, height: int, mouth: Box | None) -> dict[str, Any]:
    """What the page has to know of a picture of that size."""
    x, y, block = place(width, height)
    return {
        "size": [width, height],
        "barcode": [x, y, COLUMNS * block, ROWS * block],
        "columns": COLUMNS,
        "rows": ROWS,
        "mouth": mouth,
        "small": SMALL,
        "settle_ms": SETTLE_MS,
    }


def main(ring: Path, mouth: Box | None, width: int, height: int) -> None:
    """Watch until told to stop; tell every sighting."""
    if not find_chromium():
        cannot(f"no Chromium here; {INSTALL}")
    stop = ready()
    page = Page(layout(width, height, mouth))
    threading.Thread(target=page.serve_forever, daemon=True).start()
    frames = Frames()
    while not ring.exists() and not stop.is_set():
        time.sleep(0.02)
    give_up = time.monotonic() + PATIENCE_S
    with tempfile.TemporaryDirectory(prefix="avatard-chromium-", ignore_cleanup_errors=True) as folder:
        with chromium_at(page.url, Path(folder) / "profile", *camera_from(ring)) as browser:
            _collect(page, frames, stop, browser, give_up)
        tell(frames.as_json(_version()))


def _collect(
    page: Page, frames: Frames, stop: threading.Event, browser: subprocess.Popen[bytes], give_up: float
) -> None:
    while not stop.is_set():
        try:
            what, said = page.said.get(timeout=0.2)
        except queue.Empty:
            if browser.poll() is not None:
                cannot("Chromium ended by itself")
            if not len(frames) and time.monotonic() > give_up:
                cannot(f"Chromium showed no picture of ours within {PATIENCE_S:.0f} s")
            continue
        if what == "failed":
            cannot(f"the page in Chromium: {said['why']}")
        first = not len(frames)
        frames.add(said)
        if first and len(frames):
            watching()
    # The last second is on its way.
    end = time.monotonic() + 1.5
    while (left := end - time.monotonic()) > 0:
        try:
            what, said = page.said.get(timeout=left)
        except queue.Empty:
            return
        if what == "frames":
            frames.add(said)


def _version() -> str:
    return " ".join(run(find_chromium(), "--version", timeout_s=VERSION_S).out.split()[:2])


if __name__ == "__main__":
    where, box, size = sys.argv[1:4]
    main(Path(where), Box.parse(box), *map(int, size.split("x")))
