"""What the control socket's commands do. Called on the control server's thread, one at a time.

status · pause · resume · recenter · use · stop
live · private · say · say-phrase · say-again · say-stop · said · composing
calibrate
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, TypeAlias

from avatard import __version__
from avatard.errors import AudioError, ControlError
from avatard.metronome import LENGTH_S, Metronome
from avatard.speech.boards import find_phrase, open_store
from avatard.speech.saying import Mode, Wish
from avatard.timing import NS_PER_S

if TYPE_CHECKING:
    from avatard.audio import Audio
    from avatard.avatar import Avatar
    from avatard.pipeline import Pipeline
    from avatard.speech.speaker import Speaker

Args: TypeAlias = Mapping[str, object]
Answer: TypeAlias = Mapping[str, object]

#: How long a command waits for the devices to be opened: less than the client's own patience of 5 s.
START_S: Final = 4.0


class Commands:
    """The daemon's answers. Before `serve` they wait a while for the devices; `stop` is obeyed at once."""

    def __init__(self, load_avatar: Callable[[str], Avatar], stop: Callable[[], None]) -> None:
        self._load_avatar = load_avatar
        self._stop = stop
        self._started_ns = time.monotonic_ns()
        self._ready = threading.Event()
        self._commands: dict[str, Callable[[Args], Answer]] = {}

    def serve(self, pipeline: Pipeline, speaker: Speaker, audio: Audio) -> None:
        """Answer for these from now on; who asked before has been waiting."""
        self._commands = {
            **self._of_picture(pipeline),
            **self._of_speech(speaker),
            "calibrate": lambda args: _calibrate(pipeline, audio),
            "status": lambda args: {
                "version": __version__,
                "pid": os.getpid(),
                "uptime_s": round((time.monotonic_ns() - self._started_ns) / NS_PER_S, 1),
                **pipeline.status(),
                "speech": speaker.status(),
                "audio": audio.status(),
            },
        }
        self._ready.set()

    def __call__(self, command: str, args: Args) -> Answer:
        """Carry a command out. Raises the AvatardError that refuses it."""
        if command == "stop":
            self._stop()
            return {"state": "stopping"}
        if not self._ready.wait(START_S):
            raise ControlError("avatard is still starting", "Ask again in a second.", retryable=True)
        if command not in self._commands:
            raise ControlError(
                f"no command is called {command!r}", f"Known: {', '.join(sorted([*self._commands, 'stop']))}"
            )
        return self._commands[command](args)

    def _of_picture(self, pipeline: Pipeline) -> dict[str, Callable[[Args], Answer]]:
        def state(do: Callable[[Args], None]) -> Callable[[Args], Answer]:
            def command(args: Args) -> Answer:
                do(args)
                return {"state": pipeline.state}

            return command

        return {
            "pause": state(lambda args: pipeline.pause()),
            "resume": state(lambda args: pipeline.resume()),
            "recenter": state(lambda args: pipeline.recenter()),
            "use": state(lambda args: pipeline.use(self._load_avatar(str(args.get("avatar", ""))))),
        }

    def _of_speech(self, speaker: Speaker) -> dict[str, Callable[[Args], Answer]]:
        def mode(wanted: Mode) -> Callable[[Args], Answer]:
            def command(args: Args) -> Answer:
                speaker.go(wanted)
                return {"mode": wanted.value}

            return command

        def said(args: Args) -> Answer:
            number = args.get("id")
            saying = speaker.find(number) if isinstance(number, int) else None
            if saying is None:
                raise AudioError("nothing of that number was said of late", "say answers with the number.")
            return speaker.progress(saying)

        def silent(do: Callable[[], None]) -> Callable[[Args], Answer]:
            def command(args: Args) -> Answer:
                do()
                return {"mode": speaker.mode.value}

            return command

        return {
            "live": mode(Mode.LIVE),
            "private": mode(Mode.PRIVATE),
            "say": lambda args: speaker.progress(speaker.say(Wish.of_args(args))),
            "say-phrase": lambda args: speaker.progress(speaker.say(_phrase(args))),
            "say-again": lambda args: speaker.progress(speaker.again()),
            "say-stop": silent(speaker.stop),
            "composing": silent(speaker.composing),
            "said": said,
        }


def _calibrate(pipeline: Pipeline, audio: Audio) -> Answer:
    """Flash and beep, from a second from now on."""
    metronome = Metronome(time.monotonic_ns() + NS_PER_S)
    audio.calibrate(metronome)
    pipeline.calibrate(metronome)
    return {"start_ns": metronome.start_ns, "seconds": LENGTH_S + 1}


def _phrase(args: Args) -> Wish:
    """What the button `label` of the set `name` says. Raises BoardError."""
    phrase = find_phrase(open_store(), str(args.get("name", "")), str(args.get("label", "")))
    return Wish(
        phrase.text,
        private=args.get("private") is True,
        emotion=phrase.emotion or "neutral",
        voice=phrase.voice,
        language=phrase.language,
        recording=phrase.recording,
    )
