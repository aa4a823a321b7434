"""What a button does instead of speaking: the format's specialty actions, as values.

`+text` spells; `:name` does something to the sentence that is being built, or moves between boards.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Command(enum.Enum):
    """Specialty actions that avatard knows."""

    SPEAK = ":speak"  #: say the sentence that was built
    CLEAR = ":clear"  #: forget it
    BACKSPACE = ":backspace"  #: take its last part away
    SPACE = ":space"  #: end the word that is being spelt
    HOME = ":home"  #: the first board
    BACK = ":back"  #: the board before
    PREDICT = ":predict"  #: this button shows the word that may come next
    KEYBOARD = ":native-keyboard"  #: type the rest
    STOP = ":ext_avatard_stop"  #: be silent at once
    AGAIN = ":ext_avatard_again"  #: say the last once more


@dataclass(frozen=True, slots=True)
class Spell:
    """Letters for the word that is being spelt."""

    text: str


def parse(step: str) -> Command | Spell | None:
    """What a button's action is; None for one of other programs, which does nothing here."""
    if step.startswith("+") and len(step) > 1:
        return Spell(step[1:])
    try:
        return Command(step)
    except ValueError:
        return None
