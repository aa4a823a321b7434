"""H.264 for viewers who look now: encoded once, however many they are.

aiortc would encode for each of them, VP8 first: 0.16 s a picture at 720p with the libvpx of PyAV's wheels, and at its
0.5 Mbit/s the mark is lost. x264 as below takes 5 core-ms at 1.6 Mbit/s, and the mark stays.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import av
from av.video.frame import PictureType

if TYPE_CHECKING:
    from av import Packet, VideoFrame

    from avatard.sealed import I420, VideoFormat

#: Ticks a second: the clock of video over RTP.
CLOCK = 90_000
#: zerolatency: each picture comes out before the next goes in. forced-idr: a viewer can start at a forced key frame.
X264 = {"preset": "superfast", "crf": "23", "tune": "zerolatency", "forced-idr": "1"}
#: What a viewer who lost a picture waits at most: aiortc tells of a loss only encoders of its own.
KEY_FRAME_S = 1
#: FFmpeg's AVCOL_*_SMPTE170M (BT.601) and AVCOL_RANGE_MPEG: what `seal` makes.
BT601, LIMITED_RANGE = 6, 1


def picture_of(i420: I420, time_ns: int) -> VideoFrame:
    """A copy, to be shown at that time (monotonic)."""
    picture = av.VideoFrame.from_ndarray(i420, format="yuv420p")
    picture.pts = time_ns * CLOCK // 1_000_000_000
    picture.time_base = Fraction(1, CLOCK)
    return picture


class Encoder:
    """One thread. Baseline profile, which every browser decodes."""

    def __init__(self, format: VideoFormat) -> None:  # noqa: A002
        codec: Any = av.CodecContext.create("libx264", "w")
        codec.width, codec.height, codec.pix_fmt = format.width, format.height, "yuv420p"
        codec.time_base = Fraction(1, CLOCK)
        codec.framerate = Fraction(format.fps).limit_denominator(1001)
        codec.options = X264
        codec.profile = "Baseline"
        codec.gop_size = round(KEY_FRAME_S * format.fps)
        codec.max_b_frames = 0
        codec.thread_count = 1  # the other cores belong to the avatar
        codec.color_range = LIMITED_RANGE
        codec.colorspace = codec.color_primaries = codec.color_trc = BT601
        self._codec = codec

    def encode(self, picture: VideoFrame, *, key_frame: bool) -> list[Packet[Any]]:
        """What `picture` becomes. key_frame: make it one that a viewer can start with."""
        picture.pict_type = PictureType.I if key_frame else PictureType.NONE
        return list(self._codec.encode(picture))
