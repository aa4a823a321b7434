"""The recorded pictures as an MP4 that plays everywhere."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av

from avatard.output.file import BT601, CLOCK, LIMITED_RANGE, X264
from avatard.timing import NS_PER_S

if TYPE_CHECKING:
    from avatard.demo.recorder import Recorder
    from avatard.sealed import VideoFormat


def write_film(path: Path, recorder: Recorder, format: VideoFormat) -> None:  # noqa: A002
    """Encode what was recorded as H.264, coloured as a recording of `file:` is.

    Each picture keeps its time: where the machine was too slow, the film shows it.
    """
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", Fraction(format.fps).limit_denominator(1001), options=X264)
        stream.width, stream.height, stream.pix_fmt = format.width, format.height, "yuv420p"
        codec = stream.codec_context
        stream.time_base = codec.time_base = Fraction(1, CLOCK)
        codec.color_range = LIMITED_RANGE
        codec.colorspace = codec.color_primaries = codec.color_trc = BT601
        for recorded, picture in zip(recorder.recorded, recorder.pictures(), strict=True):
            frame = av.VideoFrame.from_ndarray(picture, "yuv420p")
            frame.pts = (recorded.sealed_ns - recorder.recorded[0].sealed_ns) * CLOCK // NS_PER_S
            frame.time_base = Fraction(1, CLOCK)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
