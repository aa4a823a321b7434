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
    "win32": "Install OBS Studio (obsproject.com): it brings the OBS Virtual Camera. "
    "Or UnityCapture (github.com/schellingb/UnityCapture): run its Install.bat once.",
    "darwin": "Install OBS Studio (obsproject.com) and start its virtual camera once, so that macOS approves it.",
}

#: What `virtualcam:NAME` may say besides a camera's own name: pyvirtualcam's names of its ways in.
BACKENDS = ("obs", "unitycapture", "v4l2loopback")
#: In the message of OBS's backends when another program, mostly OBS itself, writes to the camera.
_TAKEN = "could not be started"


class PyVirtualCam:
    """Sends I420 pictures through pyvirtualcam. device: the camera's name or one of `BACKENDS`, "" for its own choice.

    OBS's camera takes NV12 and UnityCapture's RGBA; pyvirtualcam turns I420 into them, after badge and mark.
    """

    def __init__(self, device: str, format: VideoFormat) -> None:  # noqa: A002
        self._wanted = device
        self._format = format
        self._camera: Any = None

    @property
    def description(self) -> str:
        size = f"{self._format.width}x{self._format.height} I420"
        if self._camera is None:
            return f"virtual camera {self._wanted or '(first found)'} by pyvirtualcam: {size}"
        return f"{self._camera.device} ({self._camera.backend}): {size}"

    def __enter__(self) -> Self:
        try:
            import pyvirtualcam
        except ImportError as e:
            raise SinkError("pyvirtualcam is not installed", INSTALL) from e
        by_backend = self._wanted in BACKENDS
        try:
            self._camera = pyvirtualcam.Camera(
                self._format.width,
                self._format.height,
                self._format.fps,
                fmt=pyvirtualcam.PixelFormat.I420,
                device=None if by_backend else self._wanted or None,
                backend=self._wanted if by_backend else None,
            )
        except KeyError as e:
            raise SinkError(f"pyvirtualcam has no {self._wanted} on this system", "Use --sink virtualcam.") from e
        except (RuntimeError, ValueError) as e:  # with each backend's reason on a line of its own
            raise self._refused("; ".join(str(e).splitlines())) from e
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

    def _refused(self, why: str) -> SinkError:
        if _TAKEN in why:
            return SinkError(
                f"the virtual camera is taken: {why}", "Stop the virtual camera in OBS, or close OBS.", retryable=True
            )
        return SinkError(f"no virtual camera: {why}", CAMERA_DRIVER.get(sys.platform, ""))
