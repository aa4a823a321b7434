"""What `verify` looks at: the grey values of a picture, a clip or a device."""

from __future__ import annotations

import math
import stat
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import av
import av.error
import cv2
import numpy as np

from avatard.errors import SourceError
from avatard.picture_file import MAX_PIXELS, read_picture
from avatard.seal.residual import Luma

#: Frames of a clip, spread over its first minute: after these the average hardly gets better.
FRAMES, SECONDS = 90, 60.0
DEVICE_SECONDS = 3.0
#: The finest level of the search; larger frames only take memory (83 MB of frames at this size).
LINES = 720
_MAGIC = (b"\x89PNG", b"\xff\xd8\xff", b"RIFF")


def read_footage(name: str) -> list[Luma]:
    """Frames of one size, at least one. `name`: a PNG, JPEG or WebP, anything FFmpeg decodes, or a capture device.

    Raises SourceError for what is missing, is neither, or is broken.
    """
    path = Path(name)
    try:
        if stat.S_ISCHR(path.stat().st_mode):
            frames = list(_device(name))
        else:
            frames = [_luma(path)] if _is_picture(path) else _alike(_clip(path))
    except OSError as error:
        raise SourceError(
            f"cannot read {name}: {error.strerror}", "Is the name right, and is it yours to read?"
        ) from error
    if not frames:
        raise SourceError(f"{name} has no pictures in it", "Use a picture, a video or a capture device.")
    return frames


def _is_picture(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(12)
    return head.startswith(_MAGIC) and (head[:4] != b"RIFF" or head[8:] == b"WEBP")


def _luma(path: Path) -> Luma:
    pixels, _ = read_picture(path, SourceError)
    return _bounded(np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8))


def _clip(path: Path) -> Iterator[Luma]:
    """Frames spread over the clip; what is broken further on ends the clip there."""
    given = 0
    try:
        with av.open(str(path.resolve())) as container:  # absolute: no name is taken for a protocol
            for frame in _spread(container, path):
                yield _bounded(np.asarray(frame.to_ndarray(format="gray"), np.uint8))
                given += 1
    except av.error.FFmpegError as error:
        if not given:
            raise SourceError(f"{path} is neither a picture nor a video", "Use PNG, JPEG, WebP or a video.") from error


def _spread(container: Any, path: Path) -> Iterator[Any]:
    """About `FRAMES` frames of the first minute."""
    if not container.streams.video:
        raise SourceError(f"{path} has no pictures in it", "Use a picture or a video.")
    stream = container.streams.video[0]
    if stream.codec_context.width * stream.codec_context.height > MAX_PIXELS:
        raise SourceError(
            f"{path}: its frames are larger than {MAX_PIXELS // 1_000_000} megapixels", "Use a smaller copy."
        )
    stream.thread_type = "AUTO"
    rate = float(stream.average_rate or 25)
    seconds = min(SECONDS, (container.duration or 0) / av.time_base or SECONDS)
    step = max(1, math.ceil(seconds * rate / FRAMES))
    return islice(container.decode(stream), 0, math.ceil(SECONDS * rate), step)


def _alike(frames: Iterator[Luma]) -> list[Luma]:
    """Up to `FRAMES` of the first one's size: a stream may change it on the way."""
    kept: list[Luma] = []
    for frame in frames:
        if not kept or frame.shape == kept[0].shape:
            kept.append(frame)
        if len(kept) == FRAMES:
            break
    return kept


def _device(name: str) -> Iterator[Luma]:
    capture = cv2.VideoCapture(name)
    try:
        if not capture.isOpened():
            raise SourceError(
                f"{name} gives no pictures", "Is it a capture device, is somebody writing to it, and is it free?"
            )
        until = time.monotonic() + DEVICE_SECONDS
        while time.monotonic() < until:
            ok, frame = capture.read()
            if not ok:
                break
            yield _bounded(np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), np.uint8))
    finally:
        capture.release()


def _bounded(frame: Luma) -> Luma:
    factor = LINES / min(frame.shape)
    if factor >= 1:
        return frame
    size = (round(frame.shape[1] * factor), round(frame.shape[0] * factor))
    return np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), np.uint8)
