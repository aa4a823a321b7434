"""Stands in for a webcam that sends MJPG: `python -m benchmarks.stand_in_webcam SECONDS`, multipart JPEG on stdout.

1280x720 at 30 a second, the performer enlarged. Each picture carries the bench's barcode, with the time at which it was
due as its capture time, and is written at that very time: they are all encoded beforehand, which is the camera's own
work and not the machine's. What a USB cable takes is not in it.
"""

from __future__ import annotations

import sys
import time
from itertools import islice

import av
import cv2
import numpy as np
import numpy.typing as npt

from avatard.capture.performer import CLIP
from avatard.seal.barcode import Barcode
from avatard.sealed import VideoFormat
from avatard.timing import NS_PER_S

FORMAT = VideoFormat(1280, 720, 30.0)
BOUNDARY = b"frame"
_QUALITY = 90
#: Different pictures; then they come again.
_SCENES = 60
#: What encoding one picture takes at most here.
_ENCODING_S = 0.02


def scenes() -> list[npt.NDArray[np.uint8]]:
    """I420 pictures of the performer, 1080x1280."""
    size = FORMAT.width, FORMAT.height
    with av.open(str(CLIP)) as container:
        first = islice(container.decode(video=0), _SCENES)
        frames = [frame.to_ndarray(format="bgr24") for frame in first]
    return [np.asarray(cv2.cvtColor(cv2.resize(bgr, size), cv2.COLOR_BGR2YUV_I420), np.uint8) for bgr in frames]


def jpeg(i420: npt.NDArray[np.uint8]) -> bytes:
    """One picture as a part of the stream."""
    bgr = cv2.cvtColor(i420, cv2.COLOR_YUV2BGR_I420)
    _, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    head = b"--%s\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % (BOUNDARY, data.size)
    return head + data.tobytes() + b"\r\n"


def main(seconds: float) -> None:
    """Encode, then send each picture when it is due."""
    pictures, barcode = scenes(), Barcode(FORMAT)
    count = round(seconds * FORMAT.fps)
    start_ns = time.monotonic_ns() + round(count * _ENCODING_S * NS_PER_S)
    sent = []
    for seq in range(count):
        i420 = pictures[seq % len(pictures)].copy()
        due_ns = start_ns + round(seq * NS_PER_S / FORMAT.fps)
        barcode.draw(i420, seq, due_ns)
        sent.append((due_ns, jpeg(i420)))
    for due_ns, part in sent:
        if (left := due_ns - time.monotonic_ns()) > 0:
            time.sleep(left / NS_PER_S)
        sys.stdout.buffer.write(part)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(float(sys.argv[1]))
