"""What a webcam sends: a clip as Motion JPEG in an AVI, which FFmpeg in the guest copies into a device as it is."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av

#: Pictures a second: what the emulated machine draws is fewer still, and with two buffers in the device a reader that
#: is later than two pictures gets torn ones.
FPS = 5


def make_mjpg(clip: Path, out: Path, size: tuple[int, int] | None = None, seconds: float = 6.0) -> tuple[int, int]:
    """The first `seconds` of `clip`, at `size` or else its own, `FPS` pictures a second; width and height."""
    with av.open(str(clip)) as source, av.open(str(out), "w", format="avi") as target:
        video = source.streams.video[0]
        size = size or (video.codec_context.width, video.codec_context.height)
        stream = target.add_stream("mjpeg", rate=FPS)
        stream.width, stream.height = size
        stream.pix_fmt = "yuvj420p"
        stream.codec_context.options = {"q": "4"}
        taken = 0
        for frame in source.decode(video):
            if frame.time is not None and frame.time * FPS < taken:
                continue  # the clip has more pictures a second
            picture = frame.reformat(*size, format="yuvj420p")
            picture.pts, picture.time_base = taken, Fraction(1, FPS)
            target.mux(stream.encode(picture))
            taken += 1
            if taken >= seconds * FPS:
                break
        target.mux(stream.encode(None))
    return size
