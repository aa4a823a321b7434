"""A face with nobody behind it still lives: it breathes, sways, blinks and looks about a little.

Everything is a function of the seed and the time alone, so that any instant can be asked for in any order.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from avatard.easing import ease
from avatard.motion import UNIT, UNITS
from avatard.timing import NS_PER_S

#: Sways: amplitudes (yaw, pitch, roll in radians; x, y in eye distances) and periods in seconds, three sines each with
#: periods that do not meet. Sums stay below 3° of yaw, 2° of pitch and roll.
SWAY: Final = np.array([0.020, 0.012, 0.010, 0.020, 0.006])
PERIODS: Final = np.array([[11.3, 9.1, 13.7, 17.9, 12.1], [5.9, 6.7, 7.3, 8.3, 7.9], [23.0, 19.3, 27.1, 31.7, 29.3]])
SHARES: Final = np.array([[0.6], [0.25], [0.5]])
#: Breathing: seconds, and how far it lifts the head (eye distances) and tips it (radians).
BREATH_S, BREATH_LIFT, BREATH_TIP = 4.3, 0.008, 0.006
#: One blink in each cell of this many seconds (17 a minute; people in conversation 10–25), sometimes two.
BLINK_CELL_S, DOUBLE = 3.5, 0.12
#: Seconds a lid closes, rests, opens: a spontaneous blink's.
CLOSE_S, SHUT_S, OPEN_S = 0.07, 0.04, 0.16
#: A new place to look at in each cell, reached within a saccade's time; reach as in `motion.GAZE`.
LOOK_CELL_S, SACCADE_S, LOOK_X, LOOK_Y = 2.3, 0.06, 0.22, 0.10


class Idle:
    """The idle movement of one seed."""

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self._phases = np.random.default_rng(seed).uniform(0, 2 * np.pi, PERIODS.shape)

    def at(self, now_ns: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float32]]:
        """Rotation, translation and units (as in `Motion`) at an instant."""
        t = now_ns / NS_PER_S
        sway = SWAY * (SHARES * np.sin(2 * np.pi * t / PERIODS + self._phases)).sum(0)
        breath = np.sin(2 * np.pi * t / BREATH_S)
        rotation = np.array([sway[0], sway[1] + BREATH_TIP * breath, sway[2]])
        translation = np.array([sway[3], sway[4] - BREATH_LIFT * breath, 0.0])
        units = np.zeros(len(UNITS), np.float32)
        units[UNIT["eyeBlinkLeft"]] = units[UNIT["eyeBlinkRight"]] = self._blink(t)
        x, y = self._look(t)
        units[UNIT["gazeLeftX"]] = units[UNIT["gazeRightX"]] = x
        units[UNIT["gazeLeftY"]] = units[UNIT["gazeRightY"]] = y
        return rotation, translation, units

    def _chance(self, cell: int, stream: int) -> npt.NDArray[np.float64]:
        """Four numbers 0..1 that belong to a cell of time."""
        # Knuth's multiplicative hash and a generator's finaliser: no state, ~2 µs.
        word = (cell * 2654435761 + self._seed * 40503 + stream * 97) & 0xFFFFFFFF
        out = []
        for _ in range(4):
            word = ((word ^ (word >> 15)) * 0x2C1B3C6D + 0x9E3779B9) & 0xFFFFFFFF
            word = ((word ^ (word >> 12)) * 0x297A2D39) & 0xFFFFFFFF
            out.append((word ^ (word >> 15)) / 2**32)
        return np.array(out)

    def _blink(self, t: float) -> float:
        length = CLOSE_S + SHUT_S + OPEN_S
        cell = int(t // BLINK_CELL_S)
        chance = self._chance(cell, 1)
        # Even intervals look like a machine: anywhere in the cell that leaves room for a second blink.
        since = t - cell * BLINK_CELL_S - chance[0] * (BLINK_CELL_S - 2.2 * length)
        if chance[1] < DOUBLE and since > 1.15 * length:
            since -= 1.15 * length
        if since < CLOSE_S:
            return ease(since / CLOSE_S)
        return 1.0 - ease((since - CLOSE_S - SHUT_S) / OPEN_S)

    def _look(self, t: float) -> tuple[float, float]:
        cell = int(t // LOOK_CELL_S)
        chance, before = self._chance(cell, 2), self._chance(cell - 1, 2)
        share = ease((t - (cell + 0.6 * chance[3]) * LOOK_CELL_S) / SACCADE_S)
        x, y = _place(before) + share * (_place(chance) - _place(before))
        return float(x), float(y)


def _place(chance: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Where a cell looks: back at the viewer half of the time."""
    if chance[0] < 0.5:
        return np.zeros(2)
    return np.array([LOOK_X * (2 * chance[1] - 1), LOOK_Y * (2 * chance[2] - 1)])
