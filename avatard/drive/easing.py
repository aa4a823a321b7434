"""Handing over from one mover to another without a jump: the difference at that instant fades away."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from avatard.easing import ease
from avatard.timing import NS_PER_S

State = npt.NDArray[np.float32]


class Easing:
    """`shown = target + difference x fade`, with a fade of zero slope at both ends: the shown movement starts with the
    new target's velocity and ends exactly on it."""

    def __init__(self) -> None:
        self._difference: State | None = None
        self._started_ns = 0
        self._length_s = 1.0
        self._shown: State | None = None

    def begin(self, target: State, now_ns: int, length_s: float) -> None:
        """From what was shown last to `target`, within `length_s`."""
        if self._shown is not None:
            self._difference = self._shown - target
            self._started_ns, self._length_s = now_ns, length_s

    def __call__(self, target: State, now_ns: int) -> State:
        """What to show at `now_ns`, when `target` is where to go."""
        if self._difference is not None:
            done = (now_ns - self._started_ns) / NS_PER_S / self._length_s
            if done >= 1:
                self._difference = None
            else:
                target = target + self._difference * np.float32(1 - ease(done))
        self._shown = target
        return target
