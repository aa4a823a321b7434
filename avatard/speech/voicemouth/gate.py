"""Whether somebody speaks: louder than the room, which is measured all the time."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from avatard.speech.voicemouth.log_mel import DECIBELS

#: Bands where speech is: 200 Hz to 4.6 kHz. Hum and hiss lie outside.
SPEECH: Final = slice(2, 21)
#: Decibels over the room at which the gate opens, and below which it closes.
OPENS_DB, CLOSES_DB = 10.0, 6.0
#: Nothing quieter is speech: a good room with a microphone turned up.
LEAST_DB: Final = -68.0
#: Frames that it stays open after the last loud one: longer than a stop's silence (150 ms at most).
HANG: Final = 20
#: The room is the quietest of the last 4.8 s, in blocks: nobody speaks as long without a pause between two sounds.
BLOCK, BLOCKS = 60, 8
SETTLES: Final = 5


def loudness(frame: npt.NDArray[np.float32]) -> float:
    """Decibels of full scale, in `SPEECH`, of one frame (`BANDS`)."""
    return float(np.log(np.exp(frame[SPEECH]).sum())) * DECIBELS


class Gate:
    """Follows room and speech, frame by frame. floor_db: loudness of the room; infinite: not known, and that of the
    quietest moment so far."""

    def __init__(self, floor_db: float = np.inf) -> None:
        self._quietest = [floor_db]
        self._smooth: float | None = None
        self._block = np.inf
        self._frames = 0
        self._open = 0
        self.loud = False  #: whether the last frame itself was loud enough for speech

    @property
    def floor_db(self) -> float:
        """Loudness of the room."""
        return min([*self._quietest, self._block])

    def __call__(self, loud_db: float) -> bool:
        """Whether somebody speaks in a frame of that `loudness`, or did until a moment ago."""
        # A single quiet frame is no room, nor is the first one, which is half empty: 50 ms.
        self._smooth = loud_db if self._smooth is None else self._smooth + (loud_db - self._smooth) * 0.2
        self._frames += 1
        if self._frames > SETTLES:
            self._block = min(self._block, self._smooth)
        if self._frames % BLOCK == 0:
            self._quietest = [*self._quietest[1 - BLOCKS :], self._block]
            self._block = self._smooth
        threshold = self.floor_db + (CLOSES_DB if self._open else OPENS_DB)
        self.loud = loud_db > max(threshold, LEAST_DB)
        self._open = HANG if self.loud else max(self._open - 1, 0)
        return self._open > 0
