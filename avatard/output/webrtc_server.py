"""The page of the preview, and the door to it: for this machine alone, and whoever was given the token."""

from __future__ import annotations

import hmac
import logging
from importlib.resources import files
from typing import TYPE_CHECKING

from aiohttp import web

from avatard.output.webrtc_viewers import LOOPBACK, MOST, Viewers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

log = logging.getLogger("avatard.output")

#: An offer of one video is about 5 KB.
MOST_BYTES = 64 * 1024
PAGE = {
    "/": ("index.html", "text/html"),
    "/viewer.js": ("viewer.js", "text/javascript"),
    "/viewer.css": ("viewer.css", "text/css"),
}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; media-src 'self' blob:;"
        " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def application(viewers: Viewers, token: str) -> web.Application:
    """GET /: the page. POST /offer: a viewer's offer for the answer, both SDP, with `Authorization: Bearer TOKEN`.

    The page holds nothing secret and takes the token from its own address, behind the #, which no browser sends.
    """

    @web.middleware
    async def guard(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Against pages of other sites: their requests name another host (DNS rebinding) or another origin."""
        if request.url.host not in (LOOPBACK, "localhost"):
            raise web.HTTPForbidden(text="this is a preview for this machine\n", headers=HEADERS)
        origin = request.headers.get("Origin")
        if origin is not None and origin != f"{request.scheme}://{request.host}":
            raise web.HTTPForbidden(text="not from another page\n", headers=HEADERS)
        try:
            response = await handler(request)
        except web.HTTPException as e:
            e.headers.update(HEADERS)
            raise
        response.headers.update(HEADERS)
        return response

    async def page(request: web.Request) -> web.Response:
        name, kind = PAGE[request.path]
        text = (files("avatard.assets") / "viewer" / name).read_text(encoding="utf-8")
        return web.Response(text=text, content_type=kind, charset="utf-8")

    async def offer(request: web.Request) -> web.Response:
        if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), f"Bearer {token}".encode()):
            raise web.HTTPUnauthorized(text="wrong token: open the address that avatard printed when it started\n")
        if viewers.count >= MOST:
            raise web.HTTPServiceUnavailable(text=f"{MOST} viewers look already\n")
        try:
            answer = await viewers.answer(await request.text())
        except ValueError as e:
            log.debug("refused an offer: %s", e)
            raise web.HTTPBadRequest(text="not an offer to see one H.264 video\n") from e
        return web.Response(text=answer, content_type="application/sdp")

    app = web.Application(middlewares=[guard], client_max_size=MOST_BYTES)
    app.add_routes([web.get(path, page) for path in PAGE])
    app.router.add_post("/offer", offer)
    return app
