"""The microphone moves the mouth: where no camera sees one, or always."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

import numpy as np

from avatard.easing import ease
from avatard.errors import EngineError
from avatard.speech.lips.visemes import Viseme
from avatard.speech.voicemouth.closures import Dips, closed
from avatard.speech.voicemouth.heard import Heard, Moment
from avatard.speech.voicemouth.hearing import Hearing
from avatard.speech.voicemouth.liveliness import Liveliness, spoken
from avatard.speech.voicemouth.log_mel import HALF_S, HOP, LogMel
from avatard.speech.voicemouth.network import AHEAD, Network
from avatard.speech.voicemouth.speaker import Speaker
from avatard.timing import NS_PER_S
from avatard.utterance import RATE

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from typing_extensions import Self

    from avatard.config import Voice
    from avatard.spoken import Spoken
    from avatard.utterance import Pcm

log = logging.getLogger("avatard.speech")

HOP_NS: Final = HOP * NS_PER_S // RATE
#: From the start of a hop to the moment that the network then speaks of.
BEHIND_NS: Final = HOP_NS - round(HALF_S * NS_PER_S) - AHEAD * HOP_NS
#: Samples that are further apart than this have a gap between them.
GAP_NS: Final = 30_000_000
#: A face is away only after this long: `Driver` holds and eases a lost one for 0.5 s.
AWAY_NS: Final = 400_000_000
#: From a sound to knowing its mouth, drawn and in the sink.
IN_STEP_S: Final = 0.08
#: Less movement than this is nobody speaking.
STILL: Final = 0.02
#: Seconds in which the mouth becomes the microphone's, or ceases to be.
EASE_S: Final = 0.18


class VoiceMouth:
    """A `Lips` that hears a microphone. A context manager: entering loads the network, and raises EngineError.

    voice: `drive.voice`; may be set at any time. delay_s: asked at every picture: how long after it is spoken a sound
    is heard in the call; negative is as 0, and what was not heard yet is not shown: lips are in step from 80 ms on.
    speaker: as calibrated; without one, the voice is learned while it speaks.
    """

    def __init__(self, voice: Voice, delay_s: Callable[[], float], speaker: Speaker | None = None) -> None:
        self.voice = voice
        self._delay_s = delay_s
        self._network = Network()
        self._hearing = Hearing(speaker or Speaker())
        self._heard = Heard()
        self._next_ns = 0  # when the next hop should have been spoken
        self._broken = False
        self._waiting: list[tuple[bool, float, float]] = []
        self._begin()
        self._asked_ns = self._face_ns = 0
        self._share = 0.0  # of the mouth, that is the microphone's
        self._last: Moment | None = None

    def __enter__(self) -> Self:
        self._network.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        self._network.__exit__(kind, e, tb)

    @property
    def needed_delay_s(self) -> float:
        """How late the microphone must be in the call for these lips to be in step; 0 while a camera moves them."""
        away = self._asked_ns - self._face_ns > AWAY_NS
        return IN_STEP_S if self.voice == "always" or (self.voice == "auto" and away) else 0.0

    def hear(self, pcm: Pcm, captured_ns: int) -> None:
        """10 ms of the microphone (`HOP` samples at `RATE`), the first spoken at `captured_ns` (monotonic): what
        `Audio.listen` calls, on one thread. What is no such hop, or older than the last, is not heard. Never raises."""
        if self._broken or getattr(pcm, "shape", None) != (HOP,) or pcm.dtype != np.int16:
            return
        if captured_ns < self._next_ns - GAP_NS:
            return
        if captured_ns > self._next_ns + GAP_NS:
            self._begin()
        self._next_ns = captured_ns + HOP_NS
        ready = self._hearing(self._log_mel(pcm)[0])
        self._waiting = [*self._waiting[1:], (self._hearing.speaking, self._hearing.loud_db, self._hearing.over_db)]
        try:
            shares = self._network(ready)
        except EngineError as e:
            self._broken = True
            log.error("the microphone moves the mouth no more: %s", e)
            return
        speaking, loud_db, over_db = self._waiting[0]
        loud, nod = self._liveliness(speaking, over_db)
        lips, teeth = closed(float(shares[Viseme.PP])), closed(float(shares[Viseme.FF]))
        self._heard.add(captured_ns + BEHIND_NS, Moment(shares, lips, teeth, loud, nod))
        if dip := self._dips(loud_db, shares):
            self._heard.close(*dip)

    def at(self, now_ns: int, face: bool) -> Spoken | None:
        moment = self._heard.at(now_ns - max(round(self._delay_s() * NS_PER_S), 0))
        if face:
            self._face_ns = now_ns
        step = min(max(now_ns - self._asked_ns, 0) / NS_PER_S / EASE_S, 1.0)
        self._asked_ns = now_ns
        self._share = min(self._share + step, 1.0) if self._mine(moment, now_ns) else max(self._share - step, 0.0)
        self._last = moment or self._last
        if not self._share or self._last is None:
            return None
        return spoken(self._last, ease(self._share))

    def _mine(self, moment: Moment | None, now_ns: int) -> bool:
        """Whether the mouth is the microphone's."""
        if moment is None or self.voice == "never":
            return False
        return self.voice == "always" or (now_ns - self._face_ns > AWAY_NS and moment.loud > STILL)

    def _begin(self) -> None:
        """Nothing is known of what came before the next hop, but the speaker and the room."""
        self._log_mel, self._dips, self._liveliness = LogMel(), Dips(), Liveliness()
        self._network.forget()
        # What was heard of the frames that the network has not spoken of yet.
        self._waiting = [(False, -100.0, -100.0)] * (AHEAD + 1)
