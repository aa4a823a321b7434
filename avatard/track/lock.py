"""One face, kept: smoothing, and refusal of any other face until ours has been gone a while.

A tracker that lost its face (a hand over it, a turn to the window) takes the next best: a colleague behind, a poster.
An avatar that jumps to a stranger is worse than one that idles. So a found face must be where ours could have got to
and have its shape; a refused face is painted over, so that the detector can find ours again beside it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from avatard.face import Face
from avatard.frame import Frame
from avatard.timing import NS_PER_S
from avatard.track.plausible import plausible
from avatard.track.pose import unpose
from avatard.track.smooth import Smoother

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.config import TrackConfig
    from avatard.track import Tracker

#: How far a face can be from its last place: eye distances at once, and more for each second unseen. A lurch to the
#: side peaks at 5 eye distances a second; neighbours on a sofa sit 3 or more apart.
JUMP, JUMP_PER_S = 0.6, 3.0
#: Likewise for the logarithm of its size.
GROWTH, GROWTH_PER_S = 0.2, 0.7
#: Landmarks whose pose-free place is a person's own: eye corners, nose, brow ends, temples, cheekbones.
SIGNATURE: Final = (
    33, 133, 362, 263, 168, 6, 197, 195, 5, 4, 1, 2, 98, 327, 129, 358, 48, 278, 64, 294, 8, 9, 151, 55, 285,
    127, 356, 234, 454, 50, 280,
)  # fmt: skip
#: Root mean square difference of signatures, in eye distances: one person within a clip 0.007 (99 %: 0.018), two
#: persons 0.032 (median). Only a clear stranger is refused by shape; nearness decides the rest.
STRANGER: Final = 0.045
#: FaceMesh's shape bends when the head turns: that much more is allowed per radian of turn.
STRANGER_PER_RAD: Final = 0.06
#: Refused faces that are painted over at a time; a stranger who walks leaves one a frame.
REFUSED: Final = 8
#: Share of a new face in the kept signature.
LEARN: Final = 0.05


class Locked:
    """Wraps a tracker: `track` gives the locked face, smoothed, or None."""

    def __init__(self, tracker: Tracker, config: TrackConfig) -> None:
        self._tracker, self._config = tracker, config
        self._smoother = Smoother()
        self._kept: Face | None = None  # as measured, when last seen
        self._signature: npt.NDArray[np.float32] | None = None
        self._refused: deque[tuple[slice, slice]] = deque(maxlen=REFUSED)

    def __enter__(self) -> Self:
        self._tracker.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        self._tracker.__exit__(kind, e, tb)

    def reset(self) -> None:
        self._forget()
        self._tracker.reset()

    def track(self, frame: Frame) -> Face | None:
        if self._kept and frame.captured_ns - self._kept.captured_ns > self._config.lock_s * NS_PER_S:
            self._forget()
        face = self._tracker.track(self._painted(frame))
        if face is None or not plausible(face, frame.pixels.shape):
            return None
        if self._kept and not self._ours(face, self._kept):
            self._refused.append(_box(face))
            self._tracker.reset()
            return None
        return self._keep(face)

    def _forget(self) -> None:
        self._kept = self._signature = None
        self._refused.clear()
        self._smoother.reset()

    def _keep(self, face: Face) -> Face:
        signature = _signature(face)
        if self._signature is None:
            self._signature = signature
        self._signature += LEARN * (signature - self._signature)
        self._kept = face
        self._refused.clear()
        return self._smoother(face) if self._config.smooth else face

    def _ours(self, face: Face, kept: Face) -> bool:
        """Whether `face` can be the kept one: near where it was, of its size, of its shape."""
        away_s = (face.captured_ns - kept.captured_ns) / NS_PER_S
        moved = np.linalg.norm(face.pose.translation[:2] - kept.pose.translation[:2]) / kept.pose.scale
        grown = abs(np.log(face.pose.scale / kept.pose.scale))
        if moved > JUMP + JUMP_PER_S * away_s or grown > GROWTH + GROWTH_PER_S * away_s:
            return False
        assert self._signature is not None
        differs = np.sqrt(((_signature(face) - self._signature) ** 2).sum(1).mean())
        cosine = (np.trace(face.pose.rotation.T @ kept.pose.rotation) - 1) / 2
        tilt = np.arccos(np.clip(face.pose.rotation[2, 2], -1, 1)) + np.arccos(np.clip(cosine, -1, 1))
        return bool(differs < STRANGER + STRANGER_PER_RAD * tilt)

    def _painted(self, frame: Frame) -> Frame:
        """The frame with refused faces painted over (a copy, only while there are any)."""
        if not self._refused:
            return frame
        pixels = frame.pixels.copy()
        for box in self._refused:
            pixels[box] = 128
        if self._kept:  # a refused face may lie partly over ours
            ours = _box(self._kept)
            pixels[ours] = frame.pixels[ours]
        return replace(frame, pixels=pixels)


def _signature(face: Face) -> npt.NDArray[np.float32]:
    return unpose(face.landmarks, face.pose)[list(SIGNATURE), :2]


def _box(face: Face) -> tuple[slice, slice]:
    """Rows and columns of the picture around a face, hair included: grown by a fifth on each side."""
    low, high = face.landmarks[:, :2].min(0), face.landmarks[:, :2].max(0)
    margin = 0.2 * (high - low)
    (x0, y0), (x1, y1) = (low - margin).clip(0).astype(int), (high + margin).clip(0).astype(int)
    return slice(y0, y1), slice(x0, x1)
