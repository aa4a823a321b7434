"""The server that Chromium's page talks to; with a real Chromium in test_end_to_end."""

from __future__ import annotations

import base64
import json
import threading
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
import pytest

from avatard.bench.browser_reader import Frames, Page, layout
from avatard.bench.notebook import SMALL, Box, Seen
from avatard.seal.barcode import COLUMNS, ROWS, Barcode
from avatard.sealed import VideoFormat

FORMAT = VideoFormat(640, 360, 30.0)
MOUTH = Box(280, 240, 64, 48)


@pytest.fixture
def page() -> Iterator[Page]:
    with Page(layout(640, 360, MOUTH)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def post(page: Page, path: str, body: Any) -> Any:
    request = urllib.request.Request(page.url + path, json.dumps(body).encode(), method="POST")
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def frame(seq: int, captured_ns: int, mouth: int) -> tuple[str, str]:
    """What the page sends of a picture: its barcode one pixel a block, and its mouth, small."""
    i420 = np.full((FORMAT.height * 3 // 2, FORMAT.width), 90, np.uint8)
    Barcode(FORMAT).draw(i420, seq, captured_ns)
    x, y, width, height = layout(640, 360, MOUTH)["barcode"]
    blocks = cv2.resize(i420[y : y + height, x : x + width], (COLUMNS, ROWS), interpolation=cv2.INTER_AREA)
    small = np.full((SMALL[1], SMALL[0]), mouth, np.uint8)
    return base64.b64encode(blocks.tobytes()).decode(), base64.b64encode(small.tobytes()).decode()


def test_the_page_knows_where_to_look(page: Page) -> None:
    with urllib.request.urlopen(page.url, timeout=10) as answer:
        text = answer.read().decode()
    assert '"size": [640, 360]' in text
    assert "/*layout*/null" not in text


def test_it_answers_with_our_clock(page: Page) -> None:
    before = time.monotonic_ns() / 1e6
    now = post(page, "clock", {})["now_ms"]
    assert before <= now <= time.monotonic_ns() / 1e6
    assert page.said.empty()


def test_what_the_page_posts_is_kept_in_order(page: Page) -> None:
    post(page, "frames", {"frames": [], "trip": 1.0, "ahead": 5.0})
    post(page, "failed", {"why": "NotFoundError"})
    assert [page.said.get(timeout=5)[0] for _ in range(2)] == ["frames", "failed"]


def test_the_page_s_times_become_ours_by_the_quickest_answer() -> None:
    frames = Frames()
    frames.add({"frames": [[100.0, *frame(7, 10**9, 50)]], "trip": 8.0, "ahead": 903.0})
    frames.add({"frames": [[133.0, *frame(8, 2 * 10**9, 90)]], "trip": 2.0, "ahead": 900.0})
    frames.add({"frames": [], "trip": 30.0, "ahead": 950.0})
    seen = Seen.of_json(json.loads(json.dumps(frames.as_json("Chromium 1.2"))))
    assert seen.sightings.tolist() == [[7, 10**9, 1000 * 10**6], [8, 2 * 10**9, 1033 * 10**6]]
    assert [int(mouth.mean()) for mouth in seen.mouths] == [50, 90]
    assert seen.clock_ms == 1.0
    assert seen.facts == "Chromium 1.2"


def test_a_torn_barcode_is_no_sighting() -> None:
    blocks, mouth = frame(7, 10**9, 50)
    torn = bytearray(base64.b64decode(blocks))
    torn[60] = 255 - torn[60]
    frames = Frames()
    frames.add({"frames": [[100.0, base64.b64encode(torn).decode(), mouth]], "trip": 8.0, "ahead": 903.0})
    assert not len(frames)
    assert Seen.of_json(frames.as_json("")).sightings.size == 0
