"""The speaker: what is typed is said by a voice, in order, into the call or to the user's own ears alone.

It starts PRIVATE. Only `go(Mode.LIVE)` lets typed text into the call, and only what is asked for from then on.
"""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from avatard.errors import AudioError
from avatard.speech.lips.composing import Composing
from avatard.speech.lips.performance import Performance, mouth_of
from avatard.speech.saying import Mode, Saying, Stage, Wish
from avatard.speech.synthesis import Synthesis
from avatard.speech.voices.voice import open_voice
from avatard.utterance import RATE

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.audio import Audio, Feed
    from avatard.config import SpeechConfig
    from avatard.speech.voices.voice import Voice
    from avatard.spoken import Spoken
    from avatard.utterance import Clause

log = logging.getLogger("avatard.speech")

#: Seconds that are queued ahead of what is heard: more would be wasted by a stop, less would stutter beside a call.
AHEAD_S: Final = 1.5
#: Sayings that may wait, and those over that are still told of.
MOST_WAITING: Final = 100
REMEMBERED: Final = 20
#: What the sound is later than the lips: people expect light before sound, and 0 to 40 ms go unnoticed.
SOUND_LATE_NS: Final = 23_000_000


class Speaker:
    """A context manager: it synthesises while it is entered. All methods from any thread; none waits for sound.

    open_voice: name → voice, not yet entered. mode: who hears what is typed. errors: sayings that failed.
    It is `Lips` for the avatar: live speech moves the mouth, private speech does not.
    """

    def __init__(self, config: SpeechConfig, audio: Audio, open_voice: Callable[[str], Voice] = open_voice) -> None:
        self._config = config
        self._audio = audio
        self._synthesis = Synthesis(config, self, open_voice)
        self._changed = threading.Condition()
        self._performance = Performance()
        self._composing = Composing()
        self._ids = itertools.count(1)
        self._sayings: deque[Saying] = deque(maxlen=MOST_WAITING + REMEMBERED)
        self._last: Wish | None = None
        self.mode = Mode.PRIVATE
        self.errors = 0

    def __enter__(self) -> Self:
        self._synthesis.__enter__()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()
        self._synthesis.__exit__(*exc)

    # Commands.

    def say(self, wish: Wish) -> Saying:
        """Say it after what waits. Raises AudioError where too much waits, or nobody would hear it."""
        with self._changed:
            private = wish.private or self.mode is Mode.PRIVATE
            # What is for one's own ears has no other place to go.
            if private and (why := self._audio.monitor.missing):
                raise AudioError(f"nobody would hear it: {why}", "Plug in headphones; or, for the call: avatard live")
            if len(self._going()) >= MOST_WAITING:
                raise AudioError("too much is waiting to be said", "Wait, or stop it all: avatard say --stop")
            saying = Saying(next(self._ids), wish, private, self._feed(private).moved)
            self._sayings.append(saying)
            if self._config.history:
                self._last = wish
            self._synthesis.put(saying)
        return saying

    def again(self) -> Saying:
        """Say the last wish once more. Raises AudioError where there is none, or it is not remembered."""
        if self._last is None:
            hint = "Say something first." if self._config.history else "avatard config set speech.history true"
            raise AudioError("nothing is remembered that was said", hint)
        return self.say(self._last)

    def stop(self) -> None:
        """Be silent at once, and forget what waits."""
        self._stop(lambda saying: True)

    def go(self, mode: Mode) -> None:
        """From now on typed text is for the call, or not. Leaving LIVE ends what is being said there."""
        with self._changed:
            self.mode = mode
            log.info("%s: typed text is %s", mode.name, "said into the call" if mode is Mode.LIVE else "for you alone")
            if mode is Mode.PRIVATE:
                self._stop(lambda saying: not saying.private)
        if mode is Mode.LIVE:
            self._warm_up()

    def composing(self) -> None:
        """The user is typing: for some seconds the avatar looks like it, and the voice gets ready."""
        self._composing.touch(time.monotonic_ns())
        self._warm_up()

    # Lips, on the render thread.

    def at(self, now_ns: int, face: bool) -> Spoken | None:
        """As of `Lips`."""
        with self._changed:
            spoken = self._performance.at(self._audio.call.sample_at(now_ns + SOUND_LATE_NS) / RATE)
        pose = self._composing.at(now_ns, face)
        if spoken is None or pose is None:
            return spoken or pose
        return replace(spoken, units=spoken.units + pose.units, rotation=spoken.rotation + pose.rotation)

    # What is told.

    def find(self, number: int) -> Saying | None:
        """The saying of that number, while it is remembered."""
        with self._changed:
            return next((saying for saying in self._sayings if saying.id == number), None)

    def stage(self, saying: Saying) -> Stage:
        """How far it has come."""
        return saying.stage(self._heard(saying))

    def progress(self, saying: Saying) -> Mapping[str, object]:
        """How far it has come, which characters of its text are being said, and why nobody hears it, if so."""
        with self._changed:
            heard = self._heard(saying)
            stage = saying.stage(heard)
            word = self._performance.word_at(heard / RATE) if stage is Stage.SPEAKING and not saying.private else None
        return {
            "id": saying.id,
            "stage": stage.value,
            "private": saying.private,
            "word": list(word) if word else None,
            "unheard": self._feed(saying.private).missing,
            "error": saying.failure.message if saying.failure else "",
            "hint": saying.failure.hint if saying.failure else "",
        }

    def status(self) -> Mapping[str, object]:
        """For `avatard status`. Never the text."""
        with self._changed:
            going = self._going()
        now = next((saying for saying in going if saying.first is not None), None)
        composing = self._composing.active(time.monotonic_ns())
        return {
            "mode": self.mode.value,
            "state": "speaking" if now else "composing" if composing else "silent",
            "voice": self._config.voice,
            "waiting": sum(saying.first is None for saying in going),
            "saying": self.progress(now) if now else None,
            "errors": self.errors,
        }

    # The synthesis' listener, on its thread.

    def deliver(self, saying: Saying, clause: Clause) -> bool:
        """As of `Listener`."""
        feed = self._feed(saying.private)
        mouth = None if saying.private else mouth_of(clause)  # before the lock, for which a picture may wait
        with self._changed:
            while not saying.stopped and feed.queued_s > AHEAD_S:
                self._changed.wait(0.1)
            # Who unplugs headphones has not chosen the loudspeakers for what was meant for them.
            saying.stopped |= saying.private and feed.moved != saying.moved
            if saying.stopped:
                return False
            first = feed.write(clause.pcm)
            if not saying.private:
                self._performance.add(first / RATE, clause, saying.wish.emotion, mouth)
                if self._config.hear:
                    self._audio.monitor.write(clause.pcm)
            saying.first = first if saying.first is None else saying.first
            saying.last = first + len(clause.pcm)
        return True

    def finish(self, saying: Saying, failure: AudioError | None) -> None:
        """As of `Listener`."""
        with self._changed:
            saying.whole, saying.failure = True, failure
            self.errors += failure is not None

    def _warm_up(self) -> None:
        """The voice is loaded and the devices are opened before they are needed."""
        self._synthesis.warm_up()
        self._audio.call.wake()
        self._audio.monitor.wake()

    # Under the lock.

    def _stop(self, which: Callable[[Saying], bool]) -> None:
        with self._changed:
            stopped = [saying for saying in self._going() if which(saying)]
            for saying in stopped:
                saying.stopped = True
            if any(not saying.private for saying in stopped):
                self._audio.call.cut()
                self._performance.cut(self._audio.call.sample_at(time.monotonic_ns()) / RATE)
            if any(saying.private or self._config.hear for saying in stopped):
                self._audio.monitor.cut()
            self._changed.notify_all()
            self._synthesis.cancel()

    def _going(self) -> list[Saying]:
        return [saying for saying in self._sayings if not self.stage(saying).over]

    def _heard(self, saying: Saying) -> float:
        return self._feed(saying.private).sample_at(time.monotonic_ns())

    def _feed(self, private: bool) -> Feed:
        return self._audio.monitor if private else self._audio.call
