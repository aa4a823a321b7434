"""One thing to be said: what was asked for, and how far it has come."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from avatard.errors import AudioError, ControlError
from avatard.speech.lips.emotion import EMOTIONS

#: The longest text of one request: in the longest JSON escapes it still fits a control line. Clients cut longer ones.
MAX_CHARACTERS: Final = 4_000


def in_parts(text: str) -> Iterator[str]:
    """The text in pieces that fit a request, cut at ends of sentences, else between words; at least one."""
    while len(text) > MAX_CHARACTERS:
        head = text[:MAX_CHARACTERS]
        end = max((head.rfind(mark) + 1 for mark in (". ", "! ", "? ", "。")), default=0) or head.rfind(" ") + 1
        yield text[: end or MAX_CHARACTERS]
        text = text[end or MAX_CHARACTERS :].lstrip()
    yield text


class Mode(enum.Enum):
    """Who hears what is typed."""

    PRIVATE = "private"  #: the user alone, in the monitor; the avatar's lips rest
    LIVE = "live"  #: the call


class Stage(enum.Enum):
    """How far a saying has come."""

    WAITING = "waiting"
    SPEAKING = "speaking"
    SAID = "said"
    STOPPED = "stopped"
    FAILED = "failed"

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self in (Stage.SAID, Stage.STOPPED, Stage.FAILED)


@dataclass(frozen=True, slots=True)
class Wish:
    """What to say, and how. None: as the settings have it.

    text is kept out of `repr`, and so out of logs. private: for the user's own ears, whatever the mode. recording: the
    bytes of a WAV file to be heard as it is, instead of a voice.
    """

    text: str = field(repr=False)
    private: bool = False
    emotion: str = "neutral"
    voice: str | None = None
    language: str | None = None
    rate: float | None = None
    pitch: float | None = None
    volume: float | None = None
    recording: bytes | None = field(default=None, repr=False)

    @classmethod
    def of_args(cls, args: Mapping[str, object]) -> Wish:
        """The wish that a control command carries. Raises ControlError for what is none, AudioError for its text."""
        known = {"text": str, "private": bool, "emotion": str, "voice": str, "language": str}
        known |= dict.fromkeys(("rate", "pitch", "volume"), float)
        for name, value in args.items():
            if name not in known:
                raise ControlError(f"say has no argument {name!r}", f"Known: {', '.join(known)}")
            if known[name] is float and isinstance(value, int) and not isinstance(value, bool):
                continue
            if not isinstance(value, known[name]):
                kind = known[name].__name__
                raise ControlError(f"say's {name} is no {kind}", "In JSON: text, true or false, a number.")
        wish = cls(**{"text": "", **args})  # type: ignore[arg-type]
        wish.check()
        return wish

    def check(self) -> None:
        """Raises AudioError where there is nothing to say, or too much at once, or with a feeling that nobody knows."""
        if self.emotion not in EMOTIONS:
            raise AudioError(f"no emotion is called {self.emotion!r}", f"There are: {', '.join(EMOTIONS)}")
        if not self.text.strip():
            raise AudioError("there is nothing to say", "Type the text: avatard say 'Hello'")
        if len(self.text) > MAX_CHARACTERS:
            raise AudioError(
                f"{len(self.text)} characters are too many at once", f"At most {MAX_CHARACTERS}: cut it in parts."
            )


@dataclass(slots=True)
class Saying:
    """A wish on its way. Written by the speaker, under its lock.

    private: whether it goes to the user's own ears. moved: the feed's count when it was asked for. first, last: its
    samples on the device's clock as far as they are queued, `first` None before. whole: nothing more will be queued.
    failure: what went wrong, for the user.
    """

    id: int
    wish: Wish
    private: bool
    moved: int = 0
    first: int | None = None
    last: int = 0
    whole: bool = False
    stopped: bool = False
    failure: AudioError | None = None

    def stage(self, heard: float) -> Stage:
        """How far it has come, when the listener hears sample `heard`."""
        # What was queued before it failed is still to be heard, and to be stopped.
        if self.failure is not None and (self.stopped or heard >= self.last):
            return Stage.FAILED
        if self.stopped:
            return Stage.STOPPED
        if self.whole and heard >= self.last:
            return Stage.SAID
        return Stage.WAITING if self.first is None else Stage.SPEAKING
