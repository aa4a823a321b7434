"""A desktop session of the tests' own, for a browser: PipeWire, a camera portal that says yes, and an empty page."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.output.private_pipewire import CURE, PATIENCE_S, PrivatePipeWire

needs_portal = pytest.mark.skipif(
    not Path("/usr/share/dbus-1/services/org.freedesktop.portal.Desktop.service").exists(),
    reason=f"needs xdg-desktop-portal: {CURE}",
)
#: What makes Chromium look for cameras there.
BY_PORTAL = "--enable-features=WebRtcPipeWireCamera"

#: A desktop brings what asks the user for leave; here leave is given beforehand and nobody is asked.
DESKTOP = """[portal]
DBusName=org.freedesktop.impl.portal.desktop.nobody
Interfaces=org.freedesktop.impl.portal.Access;
UseIn=none
"""
ALLOW = "org.freedesktop.impl.portal.PermissionStore.SetPermission"
PAGE = b"<!doctype html><title>call</title><video autoplay muted playsinline></video>"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@contextmanager
def page() -> Iterator[str]:
    """The URL of a page with nothing but a video in it: browsers give devices to pages of this machine."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@contextmanager
def portal_session(folder: Path) -> Iterator[PrivatePipeWire]:
    """A private session whose portal says yes: the bus starts it when it is asked for."""
    portals = folder / "portals"
    portals.mkdir()
    (portals / "nobody.portal").write_text(DESKTOP)
    session = PrivatePipeWire(folder)
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
