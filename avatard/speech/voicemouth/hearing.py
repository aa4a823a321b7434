"""From frames of sound to what the network is given, hop by hop: the same code when it is trained and when it runs."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from avatard.speech.voicemouth.gate import Gate, loudness
from avatard.speech.voicemouth.log_mel import Frames
from avatard.speech.voicemouth.speaker import Normal, Speaker


class Hearing:
    """Somebody at a microphone: their frames without what is always there, and of the last frame:

    speaking: whether they speak, or did until a moment ago. loud_db: as `gate.loudness`. over_db: over their own mean.
    """

    def __init__(self, speaker: Speaker) -> None:
        self.normal = Normal(speaker)
        self.gate = Gate(speaker.floor_db)
        self.speaking = False
        self.loud_db = self.over_db = -100.0

    def __call__(self, frame: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Of one frame (`log_mel.BANDS`), the frame for the network."""
        self.loud_db = loudness(frame)
        self.speaking = self.gate(self.loud_db)
        if self.gate.loud:
            self.normal.learn(frame)
        self.over_db = self.loud_db - loudness(self.normal.mean)
        return self.normal(frame)


def heard(frames: Frames, speaker: Speaker) -> Frames:
    """A whole sound at once, as the network gets it from a speaker known like that."""
    hearing = Hearing(speaker)
    return np.stack([hearing(frame) for frame in frames])
