"""The preview of a running pipeline: to a viewer by aiortc, and in a real browser."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from avatard.avatar import Avatar
from avatard.config import OutputConfig
from avatard.output.webrtc import WebRtc, open_webrtc
from avatard.seal.detector import Detector, Verdict
from avatard.sealed import VideoFormat
from tests.e2e.devtools import Page, needs_chromium
from tests.e2e.likeness import badge_likeness
from tests.e2e.live import CONFIG, running
from tests.output.webrtc_viewer import look

FORMAT = VideoFormat(1280, 720, 15.0)


@pytest.fixture
def preview(avatar: Avatar) -> Iterator[WebRtc]:
    """Of a pipeline at 720p, at a rate that a loaded test machine keeps up with."""
    config = replace(CONFIG, output=OutputConfig(("null",), FORMAT.width, FORMAT.height, FORMAT.fps))
    sink = open_webrtc("", FORMAT)
    with running(avatar, sink, config):
        yield sink


def test_a_viewer_can_read_the_badge_and_verify_the_mark(preview: WebRtc) -> None:
    seen = asyncio.run(look(preview.address, 45))
    luma = [picture[: FORMAT.height] for picture in seen]

    assert min(badge_likeness(picture) for picture in luma) > 0.95
    assert Detector().detect(luma).verdict is Verdict.PRESENT


@pytest.mark.browser
@needs_chromium
def test_a_browser_shows_it(preview: WebRtc, tmp_path: Path) -> None:
    async def watch() -> np.ndarray:
        async with Page(tmp_path, preview.address, os.environ) as page:
            await page.until('document.querySelector("[role=status]").textContent === "Live"')
            await page.until('document.querySelector("video").getVideoPlaybackQuality().totalVideoFrames > 20')
            assert await page.evaluate("location.hash") == ""
            assert preview.readers == 1
            return await page.still()

    still = asyncio.run(watch())
    assert still.shape == (FORMAT.height, FORMAT.width, 3)
    assert badge_likeness(cv2.cvtColor(still, cv2.COLOR_BGR2GRAY)) > 0.95


@pytest.mark.browser
@needs_chromium
def test_a_wrong_token_is_told_in_the_page(preview: WebRtc, tmp_path: Path) -> None:
    async def watch() -> str:
        async with Page(tmp_path, preview.address.partition("#")[0] + "#guessed", os.environ) as page:
            await page.until('document.querySelector("[role=status]").textContent.startsWith("No picture")')
            return str(await page.evaluate('document.querySelector("[role=status]").textContent'))

    assert "open the address that avatard printed" in asyncio.run(watch())
    assert preview.readers == 0
