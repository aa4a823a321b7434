"""Capture: a device in, `Frame` out. Each backend is a file named after what it reads."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Protocol

from avatard.errors import ConfigError

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.config import CaptureConfig
    from avatard.frame import Frame


class Source(Protocol):
    """Where frames come from. One thread opens, reads and closes it.

    A context manager: `__enter__` opens the device and raises `SourceError`; a failed open leaves nothing behind.
    """

    @property
    def description(self) -> str:
        """What was negotiated, for people: "camera 0: 1280x720 MJPG at 30 fps"."""

    @property
    def fps(self) -> float:
        """Frames a second it gives; 0 where it gives none (`none`)."""

    def __enter__(self) -> Self: ...
    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None: ...

    def read(self, timeout_s: float) -> Frame | None:
        """Wait for the next frame, at most about `timeout_s`; `None` when none came in that time.

        Raises `SourceError` when the device is gone or fails, EOFError at the end of a source that does not loop.
        """


def open_source(spec: str, config: CaptureConfig, *, paced: bool = True) -> Source:
    """The source that `spec` names, not yet entered.

    `paced` False: a file gives its frames as fast as they are read, once, and then EOFError (`render`); True: at
    its own rate, looping (`up`). Raises ConfigError for a spec that is none.
    """
    kind, _, argument = spec.partition(":")
    match kind:
        case "camera":
            from avatard.capture.camera import Camera

            return Camera(argument, config)
        case "file":
            from avatard.capture.file import VideoFile

            return VideoFile(argument, paced=paced)
        case "image":
            from avatard.capture.image import Image

            return Image(argument, config)
        case "performer":
            from avatard.capture.performer import Performer

            return Performer(paced=paced)
        case "none":
            from avatard.capture.none import NoSource

            return NoSource()
    raise ConfigError(
        f"no source is called {spec!r}",
        "Use camera, camera:N, file:PATH, image:PATH, performer or none.",
    )
