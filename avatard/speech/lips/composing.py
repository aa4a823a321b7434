"""The pose of somebody who is typing: eyes on the keys, head a little aside: a call sees that more will come."""

from __future__ import annotations

from typing import Final

import numpy as np

from avatard.easing import ease
from avatard.motion import UNIT
from avatard.speech.lips.shapes import units
from avatard.spoken import Spoken
from avatard.timing import NS_PER_S

#: Seconds in which the pose comes and goes, and how long it stays after the last key: people stop to think.
COME_S, STAY_S, GO_S = 0.5, 2.5, 0.9
#: Degrees of yaw, pitch and roll.
TURN: Final = np.radians([1.5, 3.5, 2.5])
#: Lids follow eyes that look down.
POSE: Final = units(eyeBlink=0.22, browInnerUp=0.06, gazeLeftY=0.7, gazeRightY=0.7, gazeLeftX=0.08, gazeRightX=0.08)
#: Eyes go along the line, and up to the screen for `GLANCE_S` once in each cell.
READ_S, READ_X, GLANCE_CELL_S, GLANCE_S, SACCADE_S = 2.1, 0.12, 3.7, 0.9, 0.07
_GAZE_Y, _GAZE_X = ([UNIT[f"gaze{side}{axis}"] for side in ("Left", "Right")] for axis in "YX")
_LIDS = [UNIT["eyeBlinkLeft"], UNIT["eyeBlinkRight"]]


class Composing:
    """Told of each key or change by `touch`. Any thread, but `at` from one; nanoseconds are monotonic."""

    def __init__(self) -> None:
        self._typing: tuple[int, int] | None = None  # since when, and until when at the least
        self._alone = 1.0  # how much of the pose nobody shows to the camera
        self._asked_ns = 0

    def touch(self, now_ns: int) -> None:
        """The user is typing at this instant."""
        share = self._share(now_ns)
        since_ns = now_ns - round(_until(share) * COME_S * NS_PER_S)
        if share >= 1 and self._typing is not None:
            since_ns = self._typing[0]
        self._typing = since_ns, now_ns + round(STAY_S * NS_PER_S)

    def active(self, now_ns: int) -> bool:
        """Whether somebody types."""
        return self._share(now_ns) > 0

    def at(self, now_ns: int, face: bool) -> Spoken | None:
        """The pose at an instant, on top of the face's own; None while nobody types. The mouth stays whose it is.

        face: whether a camera sees the driver: who types looks like it already.
        """
        step = max(now_ns - self._asked_ns, 0) / NS_PER_S / COME_S
        self._alone += min(max((0.0 if face else 1.0) - self._alone, -step), step)
        self._asked_ns = now_ns
        share = self._share(now_ns) * ease(self._alone)
        if share <= 0:
            return None
        t_s = now_ns / NS_PER_S
        pose = POSE.copy()
        pose[_GAZE_X] += np.float32(READ_X * np.sin(2 * np.pi * t_s / READ_S))
        down = np.float32(1 - 0.85 * _glance(t_s))
        pose[_GAZE_Y] *= down
        pose[_LIDS] *= down
        turn = TURN * (0.8 + 0.2 * np.sin(2 * np.pi * t_s / GLANCE_CELL_S))
        return Spoken(np.float32(share) * pose, 0.0, (share * turn).astype(np.float32))

    def _share(self, now_ns: int) -> float:
        if self._typing is None:
            return 0.0
        since_ns, until_ns = self._typing
        come = ease((now_ns - since_ns) / NS_PER_S / COME_S)
        return min(come, 1 - ease((now_ns - until_ns) / NS_PER_S / GO_S))


def _glance(t_s: float) -> float:
    """0..1: how far the eyes are up at the screen."""
    since_s = t_s % GLANCE_CELL_S
    return min(ease(since_s / SACCADE_S), 1 - ease((since_s - GLANCE_S) / SACCADE_S))


def _until(share: float) -> float:
    """The inverse of `ease`."""
    return float(0.5 - np.sin(np.arcsin(1 - 2 * min(max(share, 0.0), 1.0)) / 3))
