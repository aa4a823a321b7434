"""The recorded pictures as an MP4 that plays everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av

from avatard.output.file import BT601, LIMITED_RANGE, X264

if TYPE_CHECKING:
    from avatard.sealed import I420, VideoFormat


def write_film(path: Path, pictures: Iterable[I420], format: VideoFormat) -> None:  # noqa: A002
    """Encode I420 `pictures` as H.264 at the format's rate, coloured as a recording of `file:` is."""
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", Fraction(format.fps).limit_denominator(1001), options=X264)
        stream.width, stream.height, stream.pix_fmt = format.width, format.height, "yuv420p"
        codec = stream.codec_context
        codec.color_range = LIMITED_RANGE
        codec.colorspace = codec.color_primaries = codec.color_trc = BT601
        for picture in pictures:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "yuv420p")))
        container.mux(stream.encode(None))
