"""Chromium through the camera portal, as a browser in a sandbox has it: no device, no kernel module."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from avatard.avatar import Avatar
from avatard.parts import parts_of
from tests.e2e.browser_session import BY_PORTAL, needs_portal, page, portal_session
from tests.e2e.devtools import Page, needs_chromium
from tests.e2e.likeness import badge_likeness
from tests.e2e.live import CONFIG, running
from tests.output.private_pipewire import needs_pipewire

pytestmark = [pytest.mark.browser, needs_chromium, needs_pipewire, needs_portal]

LOOK = """navigator.mediaDevices.getUserMedia({video: {width: 640, height: 480}}).then(stream => {
  document.querySelector("video").srcObject = stream;
  return true;
})"""
LABEL = 'document.querySelector("video").srcObject.getVideoTracks()[0].label'


def test_a_browser_finds_the_camera_by_its_name(
    avatar: Avatar, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def watch() -> tuple[str, np.ndarray]:
        async with Page(tmp_path, url, session.environment, BY_PORTAL) as browser:
            await browser.until('document.title === "call"')
            await browser.until(LOOK)  # again, where the session manager has not shown the camera to the portal yet
            await browser.until('document.querySelector("video").getVideoPlaybackQuality().totalVideoFrames > 20')
            return await browser.evaluate(LABEL), await browser.still()

    with portal_session(tmp_path) as session, page() as url:
        for name, value in session.environment.items():
            monkeypatch.setenv(name, value)
        config = replace(CONFIG, output=replace(CONFIG.output, sinks=("pipewire",)))
        with running(avatar, parts_of(config).sink(), config):
            label, still = asyncio.run(watch())

    assert label == "avatard"
    assert still.shape == (480, 640, 3)
    assert badge_likeness(cv2.cvtColor(still, cv2.COLOR_BGR2GRAY)) > 0.95
