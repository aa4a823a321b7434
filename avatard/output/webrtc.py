"""A preview in a browser on the same machine, by WebRTC. Needs the extra [webrtc]."""

from __future__ import annotations

import errno
import logging
import secrets
from types import TracebackType
from typing import TYPE_CHECKING

from avatard.errors import ConfigError, SinkError

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.output.webrtc_service import Service
    from avatard.sealed import Sealed, VideoFormat

INSTALL = 'pip install "avatard[webrtc]"'

log = logging.getLogger("avatard.output")


def open_webrtc(port: str, format: VideoFormat) -> WebRtc:  # noqa: A002
    """A preview on that port of 127.0.0.1, "" for a free one, not yet entered. Raises ConfigError."""
    if port and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise ConfigError(f"{port!r} is no port", "Use webrtc, or webrtc:PORT with a number from 1024 to 65535.")
    return WebRtc(int(port or 0), format)


class WebRtc:
    """A page that shows the pictures. Its address, with the token that opens it, is logged once.

    `write` copies the picture and returns: encoding and sending are other threads'. With no viewer it does nothing.
    """

    def __init__(self, port: int, format: VideoFormat) -> None:  # noqa: A002
        self._port = port
        self._format = format
        self._token = secrets.token_urlsafe(24)
        self._told = False
        self._service: Service | None = None

    @property
    def description(self) -> str:
        where = f"preview on port {self._port}" if self._port else "preview on a free port"
        return f"{where}: {self._format.width}x{self._format.height} H.264 (WebRTC)"

    @property
    def address(self) -> str:
        """What to open in a browser; secret. Its port is 0 before the sink was first entered."""
        return f"http://127.0.0.1:{self._port}/#{self._token}"

    @property
    def readers(self) -> int:
        """How many browsers look."""
        return self._service.viewers if self._service is not None else 0

    def __enter__(self) -> Self:
        try:
            from avatard.output.webrtc_service import Service
        except ImportError as e:
            raise SinkError(f"{e.name} is not installed", INSTALL) from e
        service = Service(self._port, self._token, self._format)
        try:
            service.__enter__()
        except OSError as e:
            why = "is taken" if e.errno == errno.EADDRINUSE else f"cannot be had: {e.strerror}"
            raise SinkError(f"port {self._port} of 127.0.0.1 {why}", "Use --sink webrtc for a free one.") from e
        self._service, self._port = service, service.port
        if not self._told:
            log.info("preview: open %s", self.address)
            self._told = True
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        if self._service is not None:
            service, self._service = self._service, None
            service.__exit__(kind, e, tb)

    def write(self, sealed: Sealed) -> None:
        assert self._service is not None, "not entered"
        if self._service.viewers:
            self._service.show(sealed)
