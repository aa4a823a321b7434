"""Twenty seconds that teach the room and the voice: a pause, then reading aloud."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from avatard.errors import AudioError
from avatard.speech.voicemouth.gate import OPENS_DB, loudness
from avatard.speech.voicemouth.log_mel import HOP, LogMel
from avatard.speech.voicemouth.speaker import MEMORY, Speaker

if TYPE_CHECKING:
    from avatard.speech.voicemouth.log_mel import Frames
    from avatard.utterance import Pcm

#: Seconds of silence, and of speech after it.
QUIET_S, SPEECH_S = 4.0, 16.0
#: What is read: all sounds of English, many of them with the lips, and none of it hard to say.
TEXT: Final = (
    "Maybe my mother bought a blue bowl for five people. We often move the big table before we eat, put warm bread and "
    "butter on it, and fill the cups with coffee. Above the shop a boy was happy to watch the ships go by. She should "
    "measure those pages, judge the choice, and think about the road home. You were quite right: no one would have "
    "known, and the whole team is pleased."
)
#: The first moments, of the switch and of breath, are left out: frames.
SETTLES: Final = 30
#: Share of speech's loudness below which the room is: between pauses of breath.
ROOM: Final = 20
#: Speech that is too short teaches nothing: frames.
FEWEST: Final = 300
#: A voice is this far over the room, decibels, or the room is too loud.
CLEAR_DB: Final = 12.0
#: Share of samples at the ends of the scale that is too many.
CLIPPED: Final = 0.001


class Calibration:
    """Takes what `Audio.listen` gives, on one thread, and tells who spoke."""

    def __init__(self) -> None:
        self._log_mel = LogMel()
        self._frames: list[Frames] = []
        self._clipped = 0

    @property
    def seconds(self) -> float:
        """How much was heard."""
        return len(self._frames) / 100

    @property
    def loud_db(self) -> float:
        """Loudness of the last 10 ms, decibels of full scale; for a meter."""
        return loudness(self._frames[-1]) if self._frames else -100.0

    def hear(self, pcm: Pcm, captured_ns: int) -> None:
        """10 ms of the microphone; anything else is left out."""
        if getattr(pcm, "shape", None) == (HOP,) and pcm.dtype == np.int16:
            self._clipped += int((np.abs(pcm.astype(np.int32)) >= 32767).sum())
            self._frames.append(self._log_mel(pcm)[0])

    def speaker(self) -> Speaker:
        """What was learned. Raises AudioError: too little heard, nobody spoke, too noisy, or overdriven."""
        quiet, spoken = self._frames[SETTLES : int(QUIET_S * 100)], self._frames[int(QUIET_S * 100) :]
        if len(spoken) < FEWEST:
            raise AudioError(
                f"only {self.seconds:.0f} s of the microphone were heard",
                "Is it plugged in, and not muted? `avatard devices` lists microphones.",
            )
        floor_db = float(np.percentile([loudness(frame) for frame in quiet], ROOM))
        louds = np.array([loudness(frame) for frame in spoken])
        voiced = np.stack(spoken)[louds > floor_db + OPENS_DB]
        if len(voiced) < FEWEST:
            raise AudioError(
                "nobody was heard to speak",
                "Be quiet for the first seconds, then read the text aloud; check the microphone's level.",
            )
        if self._clipped > CLIPPED * HOP * len(spoken):
            raise AudioError("the microphone is overdriven", "Turn its level down until loud words no longer clip.")
        mean = voiced.mean(0).astype(np.float32)
        if loudness(mean) < floor_db + CLEAR_DB:
            raise AudioError(
                f"the room is only {loudness(mean) - floor_db:.0f} dB quieter than your voice",
                "Come nearer to the microphone, or switch off what hums and hisses.",
            )
        return Speaker(mean, floor_db, min(len(voiced), MEMORY))
