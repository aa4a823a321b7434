"""Speech Dispatcher's side of a conversation, line by line. Pure: text in, text and requests out, no I/O.

A command comes in a line, its data in lines up to a lone "."; a reply is due for the command and for the data.
https://htmlpreview.github.io/?https://github.com/brailcom/speechd/blob/master/doc/speech-dispatcher.html#Output-Modules
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

BEGIN, END, STOPPED, PAUSED = "701 BEGIN", "702 END", "703 STOP", "704 PAUSE"
SPEAKING: Final = "200 OK SPEAKING"
#: Cannot be said. There is an error for it, 301, but clients that wait for the end then wait for ever.
REFUSED: Final = f"{SPEAKING}\n{BEGIN}\n{STOPPED}"
#: Command with data → what is replied to it, and to its data.
_SETTINGS: Final = {
    "AUDIO": ("207 OK RECEIVING AUDIO SETTINGS", "203 OK AUDIO INITIALIZED"),
    "LOGLEVEL": ("207 OK RECEIVING LOGLEVEL SETTINGS", "203 OK LOG LEVEL SET"),
    "SET": ("203 OK RECEIVING SETTINGS", "203 OK SETTINGS RECEIVED"),
}
_MESSAGES: Final = ("SPEAK", "CHAR", "KEY", "SOUND_ICON")
#: It offers to play the sound itself; ours is played by avatard.
_SERVER_AUDIO: Final = "audio_output_method=server"
#: Longer messages are no speech. Speech Dispatcher itself has no limit.
MAX_MESSAGE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Message:
    """To be said; `SPEAKING` or `REFUSED` is due. kind: SPEAK, CHAR, KEY or SOUND_ICON. settings: by name, as the
    last SET gave them. text is kept out of `repr`."""

    kind: str
    text: str = field(repr=False)
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stop:
    """Be silent; nothing is due but the event. pause: the rest will be asked for again."""

    pause: bool


@dataclass(frozen=True, slots=True)
class ListVoices:
    """`voices` is due."""


@dataclass(frozen=True, slots=True)
class Quit:
    """The end, already replied to."""


Request: TypeAlias = Message | Stop | ListVoices | Quit


class Conversation:
    """What was said so far: settings, and a command whose data are still coming."""

    def __init__(self) -> None:
        self._settings: dict[str, str] = {}
        self._command = ""
        self._data: list[str] = []
        self._length = 0

    def feed(self, line: str) -> tuple[str, Request | None]:
        """The reply to a line, "" where none is due yet, and what is asked for."""
        if self._command:
            return self._take(line)
        name, *_ = line.split(" ", 1)
        if name in _SETTINGS:
            self._command = name
            return _SETTINGS[name][0], None
        if line in _MESSAGES:
            self._command = line
            return "202 OK RECEIVING MESSAGE", None
        match name:
            case "INIT":
                return "299-avatard says it\n299 OK LOADED SUCCESSFULLY", None
            case "STOP" | "PAUSE":
                return "", Stop(name == "PAUSE")
            case "LIST":
                return "", ListVoices()
            case "DEBUG":
                return "200 OK DEBUGGING SET", None  # and nothing is written
            case "QUIT":
                return "210 OK QUIT", Quit()
        return "300 ERR UNKNOWN COMMAND", None

    def _take(self, line: str) -> tuple[str, Request | None]:
        if line != ".":
            self._length += len(line) + 1
            if self._length <= MAX_MESSAGE:
                self._data.append(line[1:] if line.startswith("..") else line)
            return "", None
        command, data, too_long = self._command, self._data, self._length > MAX_MESSAGE
        self._command, self._data, self._length = "", [], 0
        if command in _MESSAGES:
            if too_long:
                return REFUSED, None
            return "", Message(command, "\n".join(data), dict(self._settings))
        if command == "AUDIO" and _SERVER_AUDIO in data:
            return "303 ERROR INVALID PARAMETER OR VALUE", None
        if command == "SET":
            self._settings |= {name: value for name, _, value in (line.partition("=") for line in data)}
        return _SETTINGS[command][1], None


def voices(language: str) -> str:
    """The reply to `ListVoices`: one voice, the user's own, of that language."""
    return f"200-avatard\t{language}\tnone\n200 OK VOICE LIST SENT"


def manner(settings: Mapping[str, str]) -> dict[str, object]:
    """The args of `say` for these settings. Speech Dispatcher's range is -100 to 100, its middle the user's own
    (0, and 100 for volume), which needs no arg; its ends are half and double."""
    args: dict[str, object] = {}
    for name in ("rate", "pitch"):
        if value := _number(settings.get(name), 0):
            args[name] = round(2.0 ** (value / 100), 3)
    if (volume := _number(settings.get("volume"), 100)) != 100:
        args["volume"] = round((volume + 100) / 200, 3)
    return args


def _number(text: str | None, otherwise: int) -> int:
    try:
        return min(max(int(text or otherwise), -100), 100)
    except ValueError:
        return otherwise
