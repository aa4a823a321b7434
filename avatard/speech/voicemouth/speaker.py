"""What a voice sounds like on the whole: its mean spectrum, against which each frame is held.

Taking it away takes away microphone, distance and much of the speaker. It is learned while somebody speaks: how loud
within a syllable, the spectrum within some seconds, or a first long vowel would be taken for the voice's own colour.
`avatard voice calibrate` learns both ahead of time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

#: A frame this far below or above the mean (natural logarithm of power: 26 and 17 dB) says no more than one nearer.
QUIETEST, LOUDEST = -6.0, 4.0
#: Frames of speech that a mean is taken over (6 s), and what the guess of an unknown voice counts for: its loudness is
#: anybody's guess, its spectrum much like every voice's.
MEMORY: Final = 600
LOUDNESS_GUESS, SPECTRUM_GUESS = 8, 200
#: Speech of synthetic and recorded voices, mean of their loud frames about its mean over the bands; and at about -20 dB
#: of full scale, a microphone well set.
_SPECTRUM: Final = (
    3.5, 4.0, 4.0, 3.9, 3.5, 2.7, 1.7, 0.9, 0.3, -0.1, -0.4, -0.7, -1.1, -1.4, -0.9, -0.2, -0.4, -0.3, -0.5, -1.2, -2.2,
    -2.6, -2.8, -3.3, -3.5, -3.6,
)  # fmt: skip
_LOUDNESS: Final = -13.0


def _typical() -> npt.NDArray[np.float32]:
    return np.asarray(np.array(_SPECTRUM, np.float32) + np.float32(_LOUDNESS), np.float32)


@dataclass(frozen=True, slots=True)
class Speaker:
    """One voice at one microphone.

    mean: `BANDS` float32, mean frame (`log_mel.Frames`) while speaking. floor_db: loudness of the room, decibels of
    full scale, as `gate.loudness`; infinite where it is not known. frames: how many frames of speech that is known
    from; 0 for a guess.
    """

    mean: npt.NDArray[np.float32] = field(default_factory=_typical)
    floor_db: float = np.inf
    frames: int = 0


class Normal:
    """Frames held against the running mean of a speaker."""

    def __init__(self, speaker: Speaker) -> None:
        self._mean = np.array(speaker.mean, np.float32)
        self._loudness_frames = max(speaker.frames, LOUDNESS_GUESS)
        self._spectrum_frames = max(speaker.frames, SPECTRUM_GUESS)

    @property
    def mean(self) -> npt.NDArray[np.float32]:
        """The mean frame, as far as it is known."""
        return self._mean

    def learn(self, frame: npt.NDArray[np.float32]) -> None:
        """A frame (`BANDS`) in which somebody spoke."""
        self._loudness_frames = min(self._loudness_frames + 1, MEMORY)
        self._spectrum_frames = min(self._spectrum_frames + 1, MEMORY)
        off = frame - self._mean
        louder = off.mean()
        self._mean += (off - louder) / np.float32(self._spectrum_frames) + louder / np.float32(self._loudness_frames)

    def __call__(self, frame: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """What the network gets of a frame: -3 to 2."""
        ready = np.clip(frame - self._mean, QUIETEST, LOUDEST) * np.float32(0.5)
        return np.asarray(ready, np.float32)
