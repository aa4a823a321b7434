"""The tracker of tests: plays faces that were given, or a canonical face that talks, blinks and nods by the clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING

import numpy as np

from avatard import canonical
from avatard.face import Face, Pose
from avatard.frame import Frame
from avatard.geometry import rotation_matrix
from avatard.motion import UNIT, UNITS
from avatard.timing import NS_PER_S
from avatard.track.pose import repose

if TYPE_CHECKING:
    from typing_extensions import Self


class Scripted:
    """Gives `faces[n]` for the n-th call, the last one ever after; without `faces`, `talking` at the frame's time."""

    def __init__(self, faces: Sequence[Face | None] | None = None) -> None:
        self._faces = faces
        self._calls = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        pass

    def track(self, frame: Frame) -> Face | None:
        if self._faces is None:
            return talking(frame)
        face = self._faces[min(self._calls, len(self._faces) - 1)]
        self._calls += 1
        return face and replace(face, seq=frame.seq, captured_ns=frame.captured_ns)

    def reset(self) -> None:
        """The script goes on: it has no face of its own to forget."""


def talking(frame: Frame) -> Face:
    """A face in the middle of `frame`: two syllables a second, a blink every three seconds, a slow nod and turn."""
    t = frame.captured_ns / NS_PER_S
    units = np.zeros(len(UNITS), np.float32)
    units[UNIT["jawOpen"]] = 0.35 * max(0.0, np.sin(4 * np.pi * t))
    units[UNIT["eyeBlinkLeft"]] = units[UNIT["eyeBlinkRight"]] = max(0.0, 1 - abs(t % 3 - 1.5) / 0.1)
    height, width = frame.pixels.shape[:2]
    rotation = rotation_matrix(0.15 * np.sin(1.1 * t), 0.08 * np.sin(0.7 * t), 0.0)
    pose = Pose(rotation, np.array([width / 2, height * 0.45, 0.0]), height / 5)
    return canonical_face(units, pose, frame.seq, frame.captured_ns)


def canonical_face(units: np.typing.NDArray[np.float32], pose: Pose, seq: int = 0, captured_ns: int = 0) -> Face:
    """The canonical head with the expression `units` (`motion.UNITS`), seen at `pose`."""
    local = canonical.neutral() + np.tensordot(units, canonical.basis(), 1)
    return Face(repose(np.asarray(local, np.float32), pose), pose, 1.0, seq, captured_ns)
