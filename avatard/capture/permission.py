"""macOS's question whether this program may use the camera."""

from __future__ import annotations

import sys

from avatard.capture.camera import OpenCapture
from avatard.capture.camera_choice import camera_number


def ask_for_camera(source: str, *, platform: str = sys.platform, open_capture: OpenCapture | None = None) -> None:
    """Have macOS ask the user, once for all, before the capture thread opens the camera of `source`.

    For the main thread: OpenCV lets the question appear only there (github.com/opencv/opencv/pull/15517), and takes an
    answer that is still open for a no. Opens the camera for an instant; elsewhere than on macOS it does nothing.
    Raises SourceError for a camera that has no number.
    """
    kind, _, which = source.partition(":")
    if platform != "darwin" or kind != "camera":
        return
    import cv2

    (open_capture or cv2.VideoCapture)(camera_number(which), cv2.CAP_AVFOUNDATION).release()
