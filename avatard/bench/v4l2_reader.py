"""The independent reader of a virtual camera: `python -m avatard.bench.v4l2_reader DEVICE MOUTH SIZE`, a `Child`.

Takes pictures as programs do, with OpenCV's V4L2 (memory-mapped buffers, two of them). DEVICE: a path or a number; ""
is the loopback on which our barcode is to be seen.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from avatard.bench.child import ready, tell, watching
from avatard.bench.notebook import Box, Notebook
from avatard.video_devices import video_devices

#: (path, OpenCV's backend) → something like cv2.VideoCapture.
OpenCapture: TypeAlias = Callable[[str, int], Any]
#: How often it looks whether it is to stop while nothing comes, ns.
_LOOK_NS = 200_000_000
#: A device whose first pictures have no barcode of ours is another program's.
_TRIES = 15
#: With exclusive_caps=1 a loopback is a camera only once something is written to it.
_AGAIN_S = 0.1


def candidates(device: str) -> list[str]:
    """The devices that may be ours, best first."""
    if device:
        return [f"/dev/video{device}" if device.isdigit() else device]
    return [str(found.path) for found in video_devices() if found.loopback and found.capture]


def pictures(
    path: str, width: int, height: int, stop: threading.Event, open_capture: OpenCapture = cv2.VideoCapture
) -> Iterator[tuple[npt.NDArray[np.uint8], int]]:
    """Luma, HxW, of each I420 picture of the device, and when it was in our hands (monotonic ns). Ends when told to,
    when the device does, or when it has another size or format."""
    capture = open_capture(path, cv2.CAP_V4L2)
    try:
        capture.set(cv2.CAP_PROP_CONVERT_RGB, 0)
        capture.set(cv2.CAP_PROP_BUFFERSIZE, 2)
        started = False
        while capture.isOpened() and not stop.is_set():
            # The first picture starts the stream; before that there is nothing to wait for.
            if started and not cv2.VideoCapture.waitAny([capture], _LOOK_NS)[0]:
                continue
            if not capture.grab():
                return
            started, seen_ns = True, time.monotonic_ns()
            taken, raw = capture.retrieve()
            data = np.asarray(raw, np.uint8).reshape(-1) if taken else np.zeros(0, np.uint8)
            if data.size != width * height * 3 // 2:
                return
            yield data[: width * height].reshape(height, width), seen_ns
    finally:
        capture.release()


def watch(path: str, width: int, height: int, notebook: Notebook, stop: threading.Event) -> bool:
    """Write down what the device shows until told to stop; whether it was ours."""
    for number, (luma, seen_ns) in enumerate(pictures(path, width, height, stop)):
        if notebook.saw(luma, seen_ns) and len(notebook) == 1:
            watching()
        if not len(notebook) and number >= _TRIES:
            break
    return len(notebook) > 0


def main(device: str, mouth: Box | None, width: int, height: int) -> None:
    """Look until told to stop; tell every sighting."""
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)  # devices that are no camera yet are no news
    stop = ready()
    notebook = Notebook(mouth)
    while not stop.is_set() and not any(watch(path, width, height, notebook, stop) for path in candidates(device)):
        time.sleep(_AGAIN_S)
    tell(notebook.as_json())


if __name__ == "__main__":
    where, box, size = sys.argv[1:4]
    main(where, Box.parse(box), *map(int, size.split("x")))
