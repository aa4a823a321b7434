"""Stand-ins for what the speaker works with: a tape that is heard when the test says so, and a voice of tones."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from avatard.audio import Feed
from avatard.errors import AudioError
from avatard.metronome import Metronome
from avatard.speech.voices.voice import Manner
from avatard.utterance import RATE, Clause, Pcm, Phoneme, Word

if TYPE_CHECKING:
    from typing_extensions import Self


class Tape:
    """A `Feed` whose time is told. heard: the sample that the listener hears."""

    def __init__(self, missing: str = "") -> None:
        self.missing = missing
        self.pcm = np.zeros(0, np.int16)
        self.heard = 0.0
        self.cuts = self.woken = self.moved = 0

    def write(self, pcm: Pcm) -> int:
        first = len(self.pcm)
        self.pcm = np.concatenate([self.pcm, pcm])
        return first

    def wake(self) -> None:
        self.woken += 1

    def cut(self) -> None:
        self.cuts += 1
        self.pcm = self.pcm[: int(self.heard)]

    def sample_at(self, now_ns: int) -> float:
        return self.heard

    @property
    def queued_s(self) -> float:
        return max(0.0, (len(self.pcm) - self.heard) / RATE)


class Tapes:
    """An `Audio` of two tapes."""

    def __init__(self, headphones: str = "") -> None:
        self.tapes = {"call": Tape(), "monitor": Tape(headphones)}
        self.call: Feed = self.tapes["call"]
        self.monitor: Feed = self.tapes["monitor"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        return

    def keep_step(self, picture_age_s: Callable[[], float]) -> None:
        return

    def listen(self, hear: Callable[[Pcm, int], None]) -> None:
        return

    def calibrate(self, metronome: Metronome) -> None:
        return

    @property
    def microphone_delay_s(self) -> float:
        return 0.1

    def status(self) -> Mapping[str, object]:
        return {}


class Tones:
    """A voice that says each sentence as half a second of "p a". fails: raised instead of the second sentence."""

    def __init__(self, fails: Exception | None = None) -> None:
        self.fails = fails
        self.said: list[tuple[str, Manner]] = []
        self.go_on = threading.Event()
        self.go_on.set()
        self.cancelled = 0
        self.closed = False

    def __enter__(self) -> Tones:
        return self

    def __exit__(self, *exc: object) -> None:
        self.closed = True

    def speak(self, text: str, manner: Manner) -> Iterator[Clause]:
        self.said.append((text, manner))
        first = 0
        for number, sentence in enumerate(text.split(". ")):
            if number and self.fails is not None:
                raise self.fails
            assert self.go_on.wait(10)
            sound = np.full(RATE // 2, 1000 + number, np.int16)
            phonemes = (Phoneme("p", 0.0, 0.1), Phoneme("a", 0.1, 0.5))
            yield Clause(sound, phonemes, (Word(first, first + len(sentence), 0.0, 0.5),))
            first += len(sentence) + 2

    def cancel(self) -> None:
        self.cancelled += 1


def no_voice(name: str) -> Tones:
    """As `open_voice` for a name that there is none of."""
    raise AudioError(f"no voice is called {name!r}", "avatard voice list")
