"""What a video call costs beside us: x264 encoding 1280x720 at 30 fps, in real time. Run as a process of its own.

Encoder settings of a call: `veryfast`, `zerolatency`, 1.5 Mbit/s. The pictures are a drifting texture with a camera's
noise, so that the motion search has work; they are made beforehand, so that only encoding is measured.
"""

from __future__ import annotations

import time
from fractions import Fraction

import av
import numpy as np
import numpy.typing as npt

from avatard.bench.child import ready, tell
from avatard.timing import NS_PER_S, Pacer

WIDTH, HEIGHT, FPS = 1280, 720, 30
_BIT_RATE = 1_500_000
_PICTURES = 30


def pictures() -> list[npt.NDArray[np.uint8]]:
    """One second of I420 pictures, 1080x1280 uint8 each."""
    rng = np.random.default_rng(1)
    coarse = rng.uniform(60, 200, (HEIGHT // 40 + 2, WIDTH // 40 + 4))
    scene = np.kron(coarse, np.ones((40, 40)))
    made = []
    for index in range(_PICTURES):
        left = 2 * min(index, _PICTURES - index)  # drifts right, then back: the second repeats without a cut
        luma = scene[:HEIGHT, left : left + WIDTH] + rng.normal(0, 2, (HEIGHT, WIDTH))
        chroma = np.full((HEIGHT // 2, WIDTH), 128.0)
        made.append(np.concatenate([luma, chroma]).clip(16, 235).astype(np.uint8))
    return made


def encoder() -> av.VideoCodecContext:
    """An open x264 encoder as a call uses it."""
    codec = av.VideoCodecContext.create("libx264", "w")
    codec.width, codec.height, codec.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    codec.framerate, codec.time_base = Fraction(FPS), Fraction(1, FPS)
    codec.bit_rate = _BIT_RATE
    codec.options = {"preset": "veryfast", "tune": "zerolatency"}
    codec.open()
    return codec


def main() -> None:
    """Encode until told to stop; tell the rate reached and the CPU time a picture."""
    second = [av.VideoFrame.from_ndarray(picture, "yuv420p") for picture in pictures()]
    codec = encoder()
    stop = ready()
    pacer, encoded = Pacer(FPS), 0
    started_ns, cpu_before_s = time.monotonic_ns(), time.process_time()
    while not stop.is_set():
        pacer.wait()
        frame = second[encoded % _PICTURES]
        frame.pts = encoded
        codec.encode(frame)
        encoded += 1
    seconds = (time.monotonic_ns() - started_ns) / NS_PER_S
    core_ms = 1e3 * (time.process_time() - cpu_before_s) / max(1, encoded)
    tell({"fps": encoded / seconds, "core_ms": core_ms})


if __name__ == "__main__":
    main()
