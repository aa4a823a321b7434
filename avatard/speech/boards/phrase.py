"""A phrase by the name on its button, for whoever wants it said."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from avatard.errors import BoardError
from avatard.speech.boards.board import Board, Button
from avatard.speech.boards.media import WAV_TYPE
from avatard.speech.boards.package import Package
from avatard.speech.lips.emotion import EMOTIONS

if TYPE_CHECKING:
    from avatard.speech.boards.store import Store


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a button says. Text and recording are kept out of `repr`, and so out of logs.

    voice, emotion, language: None where the button does not say; then they are the user's own. recording: the bytes of
    a WAV file to be played instead of a voice, for `avatard.speech.voices.recorded.recording`.
    """

    text: str = field(repr=False)
    voice: str | None = None
    emotion: str | None = None
    language: str | None = None
    recording: bytes | None = field(default=None, repr=False)


def find_phrase(store: Store, name: str, label: str) -> Phrase:
    """The phrase on the button labelled so, in the set `name`: on its first board, else on any. Case does not matter.

    Raises BoardError where there is no such set, or no such button that speaks.
    """
    package = store.load(name)
    wanted = _plain(label)
    labels: dict[str, tuple[Board, Button]] = {}
    for board, button in _speaking(package):
        for text in (board.label(button), board.spoken(button)):
            labels.setdefault(_plain(text), (board, button))
    if wanted not in labels:
        near = difflib.get_close_matches(wanted, labels, 3)
        hint = f"Near to it: {', '.join(near)}." if near else f"See: avatard phrases show {name}"
        raise BoardError(f"no button of {name} says {label!r}", hint)
    return phrase_of(package, *labels[wanted])


def phrase_of(package: Package, board: Board, button: Button) -> Phrase:
    """What pressing that button says. Raises BoardError where its recording cannot be read."""
    sound = board.sound(button)
    if sound is not None and sound.content_type != WAV_TYPE:
        sound = None
    return Phrase(
        board.spoken(button),
        button.voice,
        button.emotion if button.emotion in EMOTIONS else None,
        board.locale or None,
        package.content(sound, "sounds") if sound is not None else None,
    )


def speaks(button: Button) -> bool:
    """Whether pressing it says something, and does not only open a board or change the sentence."""
    text = button.vocalization if button.load_board or button.steps else button.vocalization or button.label
    return bool(text and text.strip())


def _speaking(package: Package) -> Iterator[tuple[Board, Button]]:
    """Those of the first board first, each board's in reading order of the file."""
    home = package.home
    for board in (home, *(board for board in package.boards.values() if board is not home)):
        yield from ((board, button) for button in board.buttons if not button.hidden and speaks(button))


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
