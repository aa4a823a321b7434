"""A performer whose mouth opens at known times: frames of the shipped clip, put in another order.

For *motion to output*. Closed for a while, open as fast as it does in the clip, open for a while, closed again: eight
such openings, then from the start. The head hardly moves meanwhile, so what changes in the picture is the mouth.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from avatard.capture.file import VideoFile
from avatard.capture.performer import CLIP
from avatard.frame import Frame
from avatard.timing import NS_PER_S

#: Frames of the performer in which it opens the mouth from shut to wide, the head turning by no more than 1.6 degrees
#: (performer.json: mouth_gap, yaw, pitch).
OPENING: Final = range(71, 78)
#: Frames shut before each opening: of different length, so that no clock beats with the openings.
SHUT: Final = (14, 19, 16, 21, 15, 18, 20, 17)
#: Frames that it stays open: filters have settled by its end.
WIDE: Final = 9
FPS: Final = 30.0
_CODEC: Final = {"crf": "16", "preset": "veryfast"}  # nothing of the movement is lost


def order() -> list[int]:
    """Frame numbers of the performer, in the clip's order."""
    opening = list(OPENING)
    frames: list[int] = []
    for shut in SHUT:
        frames += [opening[0]] * shut + opening + [opening[-1]] * WIDE + opening[::-1]
    return frames


def mouth_gaps() -> npt.NDArray[np.float64]:
    """How far the mouth is open in each frame of the clip, from the 3-D face: gap over width of the inner lips."""
    truth = json.loads(CLIP.with_suffix(".json").read_text(encoding="utf-8"))
    gaps: npt.NDArray[np.float64] = np.asarray(truth["curves"]["mouth_gap"], np.float64)[order()]
    return gaps


def write_clip(path: Path) -> None:
    """Make the clip; takes about two seconds. path: ends in .mp4."""
    import av

    with av.open(str(CLIP)) as clip:
        decoded = dict(zip(range(OPENING.stop), clip.decode(video=0), strict=False))
    with av.open(str(path), "w") as out:
        first = decoded[OPENING.start]
        stream = out.add_stream("libx264", rate=round(FPS), options=_CODEC)
        stream.width, stream.height, stream.pix_fmt = first.width, first.height, "yuv420p"
        for index in order():
            picture = av.VideoFrame.from_ndarray(decoded[index].to_ndarray(format="bgr24"), "bgr24")
            out.mux(stream.encode(picture))
        out.mux(stream.encode())


class CuedPerformer(VideoFile):
    """The clip as a camera. started_ns: when the first frame since it was opened was due (monotonic); 0 before."""

    def __init__(self, clip: Path) -> None:
        super().__init__(str(clip), paced=True)
        self.started_ns = 0

    def read(self, timeout_s: float) -> Frame | None:
        frame = super().read(timeout_s)
        if frame is not None and frame.seq == 0:
            self.started_ns = frame.captured_ns  # the first frame is never skipped: see `Ticks`
        return frame


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening of the mouth, monotonic ns. half_ns: when it is half open, between two frames, as the mouth moves
    on between them. closing_ns: from when on it closes again."""

    half_ns: int
    closing_ns: int


def openings(started_ns: int, until_ns: int) -> Iterator[Opening]:
    """Those that are over before `until_ns`, of a clip whose first frame was due at `started_ns`."""
    period_ns = NS_PER_S / FPS
    frames, rise = len(order()), _half(mouth_gaps()[SHUT[0] : SHUT[0] + len(OPENING)])
    first = 0
    while True:
        at = first
        for shut in SHUT:
            half = started_ns + round((at + shut + rise) * period_ns)
            closing = started_ns + round((at + shut + len(OPENING) + WIDE) * period_ns)
            if closing > until_ns:
                return
            yield Opening(half, closing)
            at += shut + 2 * len(OPENING) + WIDE
        first += frames


def phase(captured_ns: npt.NDArray[np.int64], started_ns: int) -> npt.NDArray[np.int64]:
    """Which frame of the clip was taken at `captured_ns`."""
    index = np.rint((captured_ns - started_ns) * FPS / NS_PER_S).astype(np.int64)
    return np.mod(index, len(order()))


def settled(wide: bool) -> npt.NDArray[np.bool_]:
    """For each frame of the clip whether the mouth has been wide (shut) for at least five frames."""
    flags: list[bool] = []
    for shut in SHUT:
        flags += [not wide and index >= 5 for index in range(shut)] + [False] * len(OPENING)
        flags += [wide and index >= 5 for index in range(WIDE)] + [False] * len(OPENING)
    return np.asarray(flags)


def _half(gaps: npt.NDArray[np.float64]) -> float:
    """Where a rising course passes the middle between its ends, in frames from its start."""
    middle = (gaps[0] + gaps[-1]) / 2
    after = int(np.argmax(gaps > middle))
    return after - 1 + float((middle - gaps[after - 1]) / (gaps[after] - gaps[after - 1]))
