"""A phrase board: buttons in a grid, what each says or does, and what belongs to it. Plain values, no I/O.

The words are those of the Open Board Format. What a file says beyond them is kept in `rest`, for its way out again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

Rest: TypeAlias = Mapping[str, Any]
"""Fields that are not ours, as JSON gave them: `ext_…` of other programs, licences, sizes, addresses on the web."""

#: Our own additions to a button.
VOICE: Final = "ext_avatard_voice"
EMOTION: Final = "ext_avatard_emotion"


@dataclass(frozen=True, slots=True)
class Link:
    """The board that a button opens: by the path of its file in the same package, or by its id. One on the web is
    only an address in `rest`, which nothing here ever asks for."""

    id: str | None = None
    path: str | None = None
    name: str = ""
    rest: Rest = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Button:
    """One place to press. label: what is written on it; vocalization: what it says, where that is something else.

    background_color, border_color: as the file has them, see `colour.parse`. action: what it does instead of speaking,
    see `actions`; `actions`: several, in that order, of which `action` is then the first or a substitute for all.
    """

    id: str
    label: str = ""
    vocalization: str | None = None
    background_color: str | None = None
    border_color: str | None = None
    image_id: str | None = None
    sound_id: str | None = None
    load_board: Link | None = None
    action: str | None = None
    actions: tuple[str, ...] = ()
    hidden: bool = False
    rest: Rest = field(default_factory=dict)

    @property
    def steps(self) -> tuple[str, ...]:
        """All that it does, in order; none where it speaks."""
        return self.actions or ((self.action,) if self.action else ())

    @property
    def place(self) -> tuple[float, float, float, float] | None:
        """Left, top, width and height as shares of the board, 0..1, where the file places it off the grid."""
        numbers = [self.rest.get(name) for name in ("left", "top", "width", "height")]
        shares = [float(n) for n in numbers if isinstance(n, (int, float)) and not isinstance(n, bool) and 0 <= n <= 1]
        return (shares[0], shares[1], shares[2], shares[3]) if len(shares) == 4 else None

    @property
    def voice(self) -> str | None:
        """The voice that it is said with, where not the user's own; as `avatard voice list` prints it."""
        return _text(self.rest.get(VOICE))

    @property
    def emotion(self) -> str | None:
        """The emotion that the avatar shows while it is said."""
        return _text(self.rest.get(EMOTION))


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the buttons are: `order[row][column]` is a button's id or None, `rows` of `columns` places."""

    rows: int
    columns: int
    order: tuple[tuple[str | None, ...], ...]
    rest: Rest = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or a sound. Of several places the first that is there holds: `data` (a data: URI), `path` (a file of
    the same package). `url` is text: nothing here ever fetches it."""

    id: str
    content_type: str | None = None
    data: str | None = None
    path: str | None = None
    url: str | None = None
    rest: Rest = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Board:
    """One board. Ids are unique among its buttons, its images and its sounds; order is that of the file."""

    id: str
    grid: Grid
    buttons: tuple[Button, ...] = ()
    images: tuple[Media, ...] = ()
    sounds: tuple[Media, ...] = ()
    name: str = ""
    locale: str = ""
    format: str = "open-board-0.1"
    rest: Rest = field(default_factory=dict)

    def button(self, id: str | None) -> Button | None:  # noqa: A002
        """The button of that id."""
        return next((button for button in self.buttons if button.id == id), None)

    def at(self, row: int, column: int) -> Button | None:
        """The button at that place, from 0; None where it is empty. Raises IndexError outside of the grid."""
        return self.button(self.grid.order[row][column])

    def picture(self, button: Button) -> Media | None:
        """What is drawn on the button."""
        return next((image for image in self.images if image.id == button.image_id), None)

    def sound(self, button: Button) -> Media | None:
        """The recording that is played instead of the voice."""
        return next((sound for sound in self.sounds if sound.id == button.sound_id), None)

    def label(self, button: Button, locale: str = "") -> str:
        """What is written on the button, in the language of `locale` where the board has it."""
        return self._translated(button.label, locale)

    def spoken(self, button: Button, locale: str = "") -> str:
        """What the button says: its vocalization, else its label; in the language of `locale`, as `label`."""
        own = button.vocalization if button.vocalization and button.vocalization.strip() else button.label
        return self._translated(own, locale)

    def _translated(self, text: str, locale: str) -> str:
        """By the board's lists of strings: of the locale itself, then of its language, then the text as it is."""
        lists = self.rest.get("strings")
        wanted = (locale or self.locale).replace("_", "-").lower()
        if not isinstance(lists, dict):
            return text
        by_locale = {name.replace("_", "-").lower(): strings for name, strings in lists.items()}
        for name in (wanted, wanted.split("-")[0]):
            strings = by_locale.get(name)
            if isinstance(strings, dict) and isinstance(strings.get(text), str):
                return str(strings[text])
        return text


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
