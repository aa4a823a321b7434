"""The virtual camera of Windows and macOS (OBS, UnityCapture) through pyvirtualcam; an option on Linux.

An extra, because pyvirtualcam is GPL-2.0. Its `sleep_until_next_frame` is never called: a picture is written when
it is there, and no sink paces the pipeline.
"""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Any

from avatard.errors import SinkError

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.sealed import Sealed, VideoFormat

INSTALL = 'pip install "avatard[pyvirtualcam]"'

#: What has to be there besides the Python package.
CAMERA_DRIVER = {
    "win32": "Install OBS Studio (obsproject.com): it brings the OBS Virtual Camera.",
    "darwin": "Install OBS Studio (obsproject.com) and start its virtual camera once, so that macOS approves it.",
}


class PyVirtualCam:
    """Sends I420 pictures through pyvirtualcam. device: its name for the camera, "" for its own choice."""

    def __init__(self, device: str, format: VideoFormat) -> None:  # noqa: A002
        self._device = device or None
        self._format = format
        self._camera: Any = None

    @property
    def description(self) -> str:
        size = f"{self._format.width}x{self._format.height} I420"
        if self._camera is None:
            return f"virtual camera {self._device or '(first found)'} by pyvirtualcam: {size}"
        return f"{self._camera.device} ({self._camera.backend}): {size}"

    def __enter__(self) -> Self:
        try:
            import pyvirtualcam
        except ImportError as e:
            raise SinkError("pyvirtualcam is not installed", INSTALL) from e
        try:
            self._camera = pyvirtualcam.Camera(
                self._format.width,
                self._format.height,
                self._format.fps,
                fmt=pyvirtualcam.PixelFormat.I420,
                device=self._device,
            )
        except (RuntimeError, ValueError) as e:  # all that it raises, with its backends' reasons in the text
            raise SinkError(f"no virtual camera: {e}", CAMERA_DRIVER.get(sys.platform, "")) from e
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        if self._camera is not None:
            self._camera.close()
            self._camera = None

    def write(self, sealed: Sealed) -> None:
        try:
            self._camera.send(sealed.i420)
        except RuntimeError as e:
            raise SinkError(f"the virtual camera does not take pictures: {e}", retryable=True) from e
