"""The thread that turns sayings into sound, one after the other, clause by clause."""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable, Iterable
from queue import SimpleQueue
from typing import TYPE_CHECKING, Final, Protocol

from avatard.errors import AudioError
from avatard.speech.voices.open_voices import OpenVoices
from avatard.speech.voices.recorded import recording
from avatard.speech.voices.voice import Manner

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.config import SpeechConfig
    from avatard.speech.saying import Saying, Wish
    from avatard.speech.voices.voice import Voice
    from avatard.utterance import Clause

log = logging.getLogger("avatard.speech")

_WARM_UP: Final = "warm up"


class Listener(Protocol):
    """Who takes the sound. Called on the synthesis' thread; `deliver` may wait until there is room."""

    def deliver(self, saying: Saying, clause: Clause) -> bool:
        """A clause of it; False ends the saying."""

    def finish(self, saying: Saying, failure: AudioError | None) -> None:
        """There will be no more of it."""


class Synthesis:
    """A context manager: the thread runs while it is entered. open_voice: name → voice, not yet entered."""

    def __init__(self, config: SpeechConfig, listener: Listener, open_voice: Callable[[str], Voice]) -> None:
        self._config = config
        self._listener = listener
        self._voices = OpenVoices(open_voice)
        self._queue: SimpleQueue[Saying | str | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="speech", daemon=True)
        self._now: Saying | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._queue.put(None)
        self._voices.cancel()
        self._thread.join(3.0)

    def put(self, saying: Saying) -> None:
        """Say it after what was put before."""
        self._queue.put(saying)

    def warm_up(self) -> None:
        """Load the voice of the settings before it is needed."""
        self._queue.put(_WARM_UP)

    def cancel(self) -> None:
        """End what is being synthesised, if it is `stopped`; what waits and is `stopped` will be left out."""
        now = self._now
        if now is not None and now.stopped:
            self._voices.cancel()

    def _run(self) -> None:
        with self._voices:
            while (item := self._queue.get()) is not None:
                if isinstance(item, str):
                    self._load()
                    continue
                self._now = item
                failure = None if item.stopped else self._say(item)
                self._now = None
                self._listener.finish(item, failure)

    def _say(self, saying: Saying) -> AudioError | None:
        """Synthesise and deliver; what went wrong."""
        try:
            for clause in self._clauses(saying.wish):
                if not self._listener.deliver(saying, clause):
                    break
        except AudioError as e:
            log.warning("%s. %s", e.message, e.hint)
            return e
        except Exception as e:  # a bug must not cost those who cannot speak their voice
            # Where, and no more: the error's own words may quote the text.
            log.error("speech failed: %s\n%s", type(e).__name__, "".join(traceback.format_tb(e.__traceback__)))
            return AudioError("a bug in avatard: its log has the details", "Please report it.")
        return None

    def _clauses(self, wish: Wish) -> Iterable[Clause]:
        if wish.recording is not None:
            return [recording(wish.recording, "the phrase's recording")]
        return self._voices.get(wish.voice or self._config.voice).speak(wish.text, self._manner(wish))

    def _manner(self, wish: Wish) -> Manner:
        config = self._config
        return Manner(
            rate=config.rate if wish.rate is None else wish.rate,
            pitch=config.pitch if wish.pitch is None else wish.pitch,
            volume=config.volume if wish.volume is None else wish.volume,
            language=wish.language,
        )

    def _load(self) -> None:
        try:
            self._voices.get(self._config.voice)
        except AudioError as e:  # whoever speaks next is told
            log.warning("%s. %s", e.message, e.hint)
