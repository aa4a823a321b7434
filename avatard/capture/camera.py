"""A webcam, through OpenCV."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np

from avatard.capture.camera_choice import PLUG_IN, camera_number, capture_backends, linux_camera, why_not
from avatard.errors import SourceError
from avatard.frame import Frame, Stamp
from avatard.timing import NS_PER_S
from avatard.v4l2 import Kernel, fourcc_name

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.config import CaptureConfig
    from avatard.frame import Picture

log = logging.getLogger("avatard.capture")

#: One that the driver fills while the other is decoded. With a single one a USB camera has nowhere to write during
#: decoding and loses every second frame (github.com/LibreScanner/horus/issues/60: 15 instead of 30 fps); more would
#: let old frames wait. What did wait is seen: the age counts from the driver's time.
BUFFERS = 2
#: A camera that gave nothing for so long is taken for hung, and opened anew.
SILENT_S = 5.0
#: Between tries where the platform says at once that there is no frame.
RETRY_S = 0.01
#: How old a driver's time stamp may be before it is not believed (another clock, or none).
OLDEST_STAMP_NS = NS_PER_S

#: Opens a camera: (path or index, OpenCV's backend) → something like cv2.VideoCapture.
OpenCapture = Callable[[str | int, int], Any]


class Camera:
    """Asks for MJPG at the configured size and rate, and takes what the camera answers (`description` says it).

    which: "" for the first camera that is not a virtual one, a number, or a path such as /dev/v4l/by-id/….
    A frame's time is the driver's own where there is a believable one, else when the frame was there; both are
    before decoding, so decoding counts in the age. `read` raises a retryable SourceError when the camera is unplugged
    or has been silent for 5 s.
    """

    def __init__(
        self,
        which: str,
        config: CaptureConfig,
        *,
        platform: str = sys.platform,
        open_capture: OpenCapture | None = None,
        kernel: Kernel | None = None,
        root: Path = Path("/"),
    ) -> None:
        self._which = which
        self._config = config
        self._platform = platform
        self._open_capture = open_capture
        self._kernel = kernel or Kernel()
        self._root = root
        self._capture: Any = None
        self._name = f"camera {which}".strip()
        self._path: Path | None = None
        self._fps = config.fps
        self._shape = (0, 0, 3)
        self._seq = 0
        self._last_ns = 0

    @property
    def description(self) -> str:
        if self._capture is None:
            return self._name
        import cv2

        size = f"{self._get(cv2.CAP_PROP_FRAME_WIDTH):.0f}x{self._get(cv2.CAP_PROP_FRAME_HEIGHT):.0f}"
        pixels = fourcc_name(int(self._get(cv2.CAP_PROP_FOURCC)) & 0xFFFFFFFF)
        return f"{self._name}: {size} {pixels} at {self._fps:g} fps"

    @property
    def fps(self) -> float:
        return self._fps

    def __enter__(self) -> Self:
        import cv2

        target = self._find()
        # OpenCV's warnings would stand beside our message.
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)
        open_capture = self._open_capture or cv2.VideoCapture
        for backend in capture_backends(self._platform):
            capture = open_capture(target, backend)
            if capture.isOpened():
                self._capture = capture
                self._negotiate()
                return self
            capture.release()
        raise why_not(self._name, self._path, self._root, self._kernel, self._platform)

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        if self._capture is not None:
            self._capture.release()
            self._capture = None

    def read(self, timeout_s: float) -> Frame | None:
        import cv2

        try:
            came = self._wait(timeout_s)
        except cv2.error as e:  # the device reports an error: it was unplugged, or its cable is bad
            raise self._gone() from e
        now = time.monotonic_ns()
        captured_ns, stamp = self._stamp(now)
        pixels = self._decode() if came else None
        if pixels is None:  # no frame in time, a signal, or a broken JPEG: the next may be good
            if now - self._last_ns > SILENT_S * NS_PER_S:
                raise self._gone()
            return None
        self._last_ns = now
        frame = Frame(pixels, self._seq, captured_ns, stamp)
        self._seq += 1
        return frame

    def _wait(self, timeout_s: float) -> bool:
        """Whether a frame has come, not yet decoded. Only V4L2 can wait for a time of our choosing."""
        import cv2

        if self._platform == "linux" and self._seq:
            came, _ready = cv2.VideoCapture.waitAny([self._capture], max(1, int(timeout_s * NS_PER_S)))
            return bool(came)
        came = bool(self._capture.grab())  # the first frame starts the stream: a second or two
        if not came:
            time.sleep(min(timeout_s, RETRY_S))
        return came

    def _decode(self) -> Picture | None:
        """The frame that has come; None for a broken one. OpenCV hands raw BGR24 on as one row of bytes."""
        pixels: Picture | None = self._capture.retrieve()[1]
        if pixels is not None and pixels.ndim != 3:
            return pixels.reshape(self._shape) if pixels.size == np.prod(self._shape) else None
        return pixels

    def _stamp(self, now_ns: int) -> tuple[int, Stamp]:
        """The frame's time: V4L2's buffer time is on the monotonic clock, and OpenCV hands it on as this property."""
        import cv2

        if self._platform == "linux":
            driver_ns = int(self._get(cv2.CAP_PROP_POS_MSEC) * 1_000_000)
            if 0 <= now_ns - driver_ns < OLDEST_STAMP_NS:
                return driver_ns, Stamp.DRIVER
        return now_ns, Stamp.READ

    def _negotiate(self) -> None:
        import cv2

        wish = self._config
        self._capture.set(cv2.CAP_PROP_BUFFERSIZE, BUFFERS)
        # MJPG first: a USB 2 camera has no room for raw pictures at 720p30, and offers them at 10 fps.
        self._capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, wish.width)
        self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, wish.height)
        self._capture.set(cv2.CAP_PROP_FPS, wish.fps)
        rate = self._get(cv2.CAP_PROP_FPS)
        self._fps = rate if rate > 0 else wish.fps
        self._shape = int(self._get(cv2.CAP_PROP_FRAME_HEIGHT)), int(self._get(cv2.CAP_PROP_FRAME_WIDTH)), 3
        self._seq = 0
        self._last_ns = time.monotonic_ns()
        log.info("%s", self.description)

    def _get(self, what: int) -> float:
        return float(self._capture.get(what))

    def _find(self) -> str | int:
        """What OpenCV is to open: on Linux a path, elsewhere a number. Sets the name for messages."""
        if self._platform != "linux":
            return camera_number(self._which)
        device = linux_camera(self._which, self._root, self._kernel)
        self._path = device.path
        self._name = f"camera {device.path}" + (f" ({device.name})" if device.name != device.path.name else "")
        return str(device.path)

    def _gone(self) -> SourceError:
        if self._path is not None and not self._path.exists():
            return SourceError(f"{self._name} was unplugged", PLUG_IN, retryable=True)
        return SourceError(f"{self._name} gives no more frames", "Unplug it and plug it in again.", retryable=True)
