"""Chromium through the camera portal, as a browser in a sandbox has it: no device, no kernel module."""

from __future__ import annotations

import asyncio
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import cv2
import numpy as np
import pytest

from avatard.avatar import Avatar
from avatard.parts import parts_of
from tests.e2e.devtools import Page, needs_chromium
from tests.e2e.likeness import badge_likeness
from tests.e2e.live import CONFIG, running
from tests.output.private_pipewire import CURE, PATIENCE_S, PrivatePipeWire, needs_pipewire

pytestmark = [
    pytest.mark.browser,
    needs_chromium,
    needs_pipewire,
    pytest.mark.skipif(
        not Path("/usr/share/dbus-1/services/org.freedesktop.portal.Desktop.service").exists(),
        reason=f"needs xdg-desktop-portal: {CURE}",
    ),
]

#: A desktop brings what asks the user for leave; here leave is given beforehand and nobody is asked.
DESKTOP = """[portal]
DBusName=org.freedesktop.impl.portal.desktop.nobody
Interfaces=org.freedesktop.impl.portal.Access;
UseIn=none
"""
ALLOW = "org.freedesktop.impl.portal.PermissionStore.SetPermission"
PAGE = b"<!doctype html><title>call</title><video autoplay muted playsinline></video>"
LOOK = """navigator.mediaDevices.getUserMedia({video: {width: 640, height: 480}}).then(stream => {
  document.querySelector("video").srcObject = stream;
  return true;
})"""
LABEL = 'document.querySelector("video").srcObject.getVideoTracks()[0].label'


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture
def url() -> Iterator[str]:
    """Of an empty page: browsers give cameras to pages of this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def session(tmp_path: Path) -> Iterator[PrivatePipeWire]:
    """A private session whose portal says yes: the bus starts it when it is asked for."""
    portals = tmp_path / "portals"
    portals.mkdir()
    (portals / "nobody.portal").write_text(DESKTOP)
    session = PrivatePipeWire(tmp_path)
    session.environment |= {"XDG_CURRENT_DESKTOP": "none", "XDG_DESKTOP_PORTAL_DIR": str(portals)}
    with session:
        store = "--dest=org.freedesktop.impl.portal.PermissionStore", "/org/freedesktop/impl/portal/PermissionStore"
        permission = "string:devices", "boolean:true", "string:camera", "string:", "array:string:yes"
        subprocess.run(
            ["dbus-send", "--session", "--print-reply", *store, ALLOW, *permission],
            env=session.environment,
            timeout=PATIENCE_S,
            check=True,
        )
        yield session


def test_a_browser_finds_the_camera_by_its_name(
    avatar: Avatar, session: PrivatePipeWire, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def watch() -> tuple[str, np.ndarray]:
        async with Page(tmp_path, url, session.environment, "--enable-features=WebRtcPipeWireCamera") as page:
            await page.until('document.title === "call"')
            await page.until(LOOK)  # again, where the session manager has not shown the camera to the portal yet
            await page.until('document.querySelector("video").getVideoPlaybackQuality().totalVideoFrames > 20')
            return await page.evaluate(LABEL), await page.still()

    for name, value in session.environment.items():
        monkeypatch.setenv(name, value)
    config = replace(CONFIG, output=replace(CONFIG.output, sinks=("pipewire",)))
    with running(avatar, parts_of(config).sink(), config):
        label, still = asyncio.run(watch())

    assert label == "avatard"
    assert still.shape == (480, 640, 3)
    assert badge_likeness(cv2.cvtColor(still, cv2.COLOR_BGR2GRAY)) > 0.95
