"""Our output module: what Speech Dispatcher sends is said by a running avatard. A program of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Final, TextIO, TypeAlias

from avatard.errors import AvatardError
from avatard.speech.saying import in_parts
from avatard.speech_dispatcher import protocol
from avatard.speech_dispatcher.protocol import Conversation, ListVoices, Message, Quit, Stop
from avatard.speech_dispatcher.ssml import plain

Call: TypeAlias = Callable[[str, Mapping[str, object]], Mapping[str, object]]
"""A control command with its args → its result; raises AvatardError. `avatard.control.client.call`."""

#: How often it asks how far a saying is.
ASK_S: Final = 0.1


class Module:
    """live: whether what is said may go into the call, where avatard is LIVE; else it is for the user's ears, always.

    Single characters and keys are for the user's ears in any case: they are what is being typed. complain: gets why
    something could not be said, never what.
    """

    def __init__(self, out: TextIO, call: Call, live: bool, complain: Callable[[str], object]) -> None:
        self._out = out
        self._call = call
        self._live = live
        self._complain = complain
        self._writing = threading.Lock()
        self._follower: _Follower | None = None

    def run(self, lines: Iterable[str]) -> None:
        """Answer until QUIT or the end of `lines`; then what is being said is stopped."""
        conversation = Conversation()
        for line in lines:
            reply, request = conversation.feed(line.rstrip("\r\n"))
            if reply:
                self._tell(reply)
            match request:
                case Message():
                    self._say(request)
                case Stop(pause):
                    self._stop(protocol.PAUSED if pause else protocol.STOPPED)
                case ListVoices():
                    self._tell(protocol.voices(self._language()))
                case Quit():
                    break
        self._stop(protocol.STOPPED)

    def _say(self, message: Message) -> None:
        text = "" if message.kind == "SOUND_ICON" else plain(message.text).strip()
        private = not self._live or message.kind != "SPEAK"
        args = {**protocol.manner(message.settings), **({"private": True} if private else {})}
        number = None
        try:
            for part in in_parts(text) if text else ():
                number = self._call("say", {**args, "text": part})["id"]
        except AvatardError as e:  # it is not running, or nobody would hear it
            self._complain(f"{e.message}. {e.hint}")
            self._tell(protocol.REFUSED)
            return
        self._tell(f"{protocol.SPEAKING}\n{protocol.BEGIN}")
        if number is None:
            self._tell(protocol.END)
            return
        self._follower = _Follower(self._call, number, self._tell)
        self._follower.start()

    def _stop(self, event: str) -> None:
        """Only what came through here: what was typed elsewhere goes on, unless both are on their way."""
        follower, self._follower = self._follower, None
        if follower is not None:
            follower.stop(event)

    def _language(self) -> str:
        """Of the user's voice, as far as its name tells: en-us, de, en_GB-alba."""
        try:
            speech = self._call("status", {})["speech"]
        except AvatardError:
            return "en"
        voice = str(speech["voice"]) if isinstance(speech, dict) and "voice" in speech else ""
        language = voice.replace("_", "-").split("-")[0].lower()
        return language if 2 <= len(language) <= 3 and language.isalpha() else "en"

    def _tell(self, text: str) -> None:
        with self._writing:
            self._out.write(text + "\n")
            self._out.flush()


class _Follower(threading.Thread):
    """Waits until a saying is over, and tells it once."""

    def __init__(self, call: Call, number: object, tell: Callable[[str], None]) -> None:
        super().__init__(name="follower", daemon=True)
        self._call = call
        self._number = number
        self._tell = tell
        self._event = ""
        self._stopping = threading.Event()

    def run(self) -> None:
        end = protocol.STOPPED
        while not self._stopping.wait(ASK_S):
            try:
                stage = self._call("said", {"id": self._number})["stage"]
            except AvatardError:
                break
            if stage not in ("waiting", "speaking"):
                end = protocol.END if stage == "said" else protocol.STOPPED
                break
        self._tell(self._event or end)

    def stop(self, event: str) -> None:
        """Have it silent, and tell that; nothing where it is over already."""
        if not self.is_alive():
            return
        self._event = event  # before it is silent: then it is told
        with suppress(AvatardError):  # nobody is there who could speak
            self._call("say-stop", {})
        self._stopping.set()
        self.join()
