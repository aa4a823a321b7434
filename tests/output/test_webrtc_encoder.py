from __future__ import annotations

from typing import Any

import av
import numpy as np

from avatard.output.webrtc_encoder import CLOCK, Encoder, picture_of
from avatard.sealed import VideoFormat

FORMAT = VideoFormat(64, 48, 30.0)
NOISE = np.random.default_rng(4).integers(40, 160, (48, 64), np.uint8)


def picture(number: int) -> Any:
    i420 = np.full((72, 64), 128, np.uint8)
    i420[:48] = NOISE + number * 2  # noise, because what is flat is a key frame as cheaply as anything
    return picture_of(i420, number * 40_000_000)


def test_each_picture_comes_out_at_once_with_its_time() -> None:
    encoder = Encoder(FORMAT)
    packets = [encoder.encode(picture(number), key_frame=False) for number in range(8)]

    assert [len(made) for made in packets] == [1] * 8
    assert [made[0].pts for made in packets] == [number * CLOCK // 25 for number in range(8)]


def test_a_key_frame_is_one_to_start_with() -> None:
    """A decoder that has seen nothing before takes it, and what follows."""
    encoder = Encoder(FORMAT)
    packets = [encoder.encode(picture(number), key_frame=number == 5)[0] for number in range(8)]
    assert [packet.is_keyframe for packet in packets] == [number in (0, 5) for number in range(8)]

    decoder: Any = av.CodecContext.create("h264", "r")
    seen = [frame for packet in packets[5:] for frame in decoder.decode(packet)]
    seen += decoder.decode(None)
    assert decoder.profile in ("Baseline", "Constrained Baseline")
    levels = [float(frame.to_ndarray(format="gray").mean()) for frame in seen]
    assert np.allclose(levels, [NOISE.mean() + number * 2 for number in (5, 6, 7)], atol=3)


def test_one_a_second_comes_by_itself() -> None:
    encoder = Encoder(FORMAT)
    made = [encoder.encode(picture(number % 2), key_frame=False)[0].is_keyframe for number in range(61)]

    assert [number for number, key in enumerate(made) if key] == [0, 30, 60]
