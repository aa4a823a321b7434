"""Every setting there is: its key, type, range and words, read off the dataclasses of `config.py`."""

from __future__ import annotations

import difflib
import functools
import inspect
import re
import typing
from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any, Final, Literal

from avatard.config import Config

#: Least and greatest value of each number. 3840: the widest a v4l2 client takes; below 160 a badge is unreadable.
_LIMITS: Final[Mapping[str, tuple[float, float]]] = {
    "capture.width": (160, 3840),
    "capture.height": (120, 3840),
    "capture.fps": (1, 120),
    "track.min_score": (0, 1),
    "track.lock_s": (0, 60),
    "drive.mouth_gain": (0, 3),
    "drive.eyes_gain": (0, 3),
    "drive.brows_gain": (0, 3),
    "drive.head_gain": (0, 3),
    "output.width": (160, 3840),
    "output.height": (160, 3840),
    "output.fps": (1, 120),
    "audio.offset_ms": (-200, 300),
    "speech.rate": (0.3, 3),
    "speech.pitch": (0.5, 2),
    "speech.volume": (0, 1),
    "daemon.hang_s": (5, 600),
}
#: I420 halves its chroma planes.
_EVEN: Final = frozenset({"output.width", "output.height"})

_WORDS: Final = {
    "true": True,
    "yes": True,
    "on": True,
    "1": True,
    "false": False,
    "no": False,
    "off": False,
    "0": False,
}


@dataclass(frozen=True, slots=True)
class Key:
    """One setting. `name` is `table.field`, as written in the file with its table in brackets."""

    name: str
    type: Any  #: bool, int, float, str, a Literal of texts, or tuple[str, ...]
    default: Any

    @property
    def table(self) -> str:
        """The stage it belongs to."""
        return self.name.partition(".")[0]

    @property
    def field(self) -> str:
        """Its name within the table."""
        return self.name.partition(".")[2]

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"AVATARD_{self.table}_{self.field}".upper()

    @property
    def choices(self) -> tuple[str, ...]:
        """The values it can have, where they are few; else nothing."""
        return typing.get_args(self.type) if typing.get_origin(self.type) is Literal else ()

    @property
    def limits(self) -> tuple[float, float] | None:
        """Least and greatest value; None for what is no number."""
        return _LIMITS.get(self.name)

    @property
    def even(self) -> bool:
        """Whether only even numbers will do."""
        return self.name in _EVEN

    @property
    def is_list(self) -> bool:
        """Whether it is a list of texts."""
        return typing.get_origin(self.type) is tuple

    @property
    def wanted(self) -> str:
        """What a value must be, for people."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        if self.limits:
            noun = "an even number" if self.even else "a whole number" if self.type is int else "a number"
            return f"{noun} from {self.limits[0]:g} to {self.limits[1]:g}"
        return {bool: "true or false", str: "one line of text"}.get(self.type, "a list of texts, at least one")

    @property
    def words(self) -> str:
        """What the setting does: the comment beside its field."""
        return _comments(self.table).get(self.field, "")

    def checked(self, value: object) -> object:
        """`value` in the setting's own type. Raises ValueError when it is none."""
        if not self._fits(value):
            raise ValueError(f"must be {self.wanted}, not {_shown(value)}")
        if self.type is float:
            return float(typing.cast(float, value))
        return tuple(value) if isinstance(value, list) else value

    def parsed(self, text: str) -> object:
        """The value that `text` of a variable or command line means; lists are parted by commas. Raises ValueError."""
        value: object = text
        try:
            if self.type is bool:
                value = _WORDS.get(text.strip().lower(), text)
            elif self.type in (int, float):
                value = self.type(text)
            elif self.is_list:
                value = tuple(part.strip() for part in text.split(","))
        except ValueError:
            pass  # `checked` says what it must be
        return self.checked(value)

    def _fits(self, value: object) -> bool:
        if self.choices:
            return isinstance(value, str) and value in self.choices
        if self.type is bool:
            return isinstance(value, bool)
        if self.type is str:
            return _is_line(value)
        if self.limits:
            return self._in_range(value, *self.limits)
        return isinstance(value, (list, tuple)) and len(value) > 0 and all(_is_line(v) and v for v in value)

    def _in_range(self, value: object, low: float, high: float) -> bool:
        # bool is an int to Python, not to a person who reads `fps = true`.
        if isinstance(value, bool) or not isinstance(value, int if self.type is int else (int, float)):
            return False
        return low <= value <= high and not (self.even and value % 2)  # a NaN fails the first


def _is_line(value: object) -> bool:
    """Whether it is text that a path or a device can be named with: no line ends, no NUL."""
    return isinstance(value, str) and len(value) <= 4096 and all(c >= " " and c != "\x7f" for c in value)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"


@functools.cache
def _comments(table: str) -> Mapping[str, str]:
    """Field → its `#:` comment: one place for what a setting means, read as documentation tools read it."""
    source = inspect.getsource(type(getattr(Config(), table)))
    return dict(re.findall(r"^    (\w+): .*#: (.+)$", source, re.MULTILINE))


@functools.cache
def keys() -> Mapping[str, Key]:
    """Every setting by name, in the order of the stages."""
    found = {}
    for table in fields(Config):
        defaults = getattr(Config(), table.name)
        hints = typing.get_type_hints(type(defaults))
        for f in fields(defaults):
            name = f"{table.name}.{f.name}"
            found[name] = Key(name, hints[f.name], getattr(defaults, f.name))
    return MappingProxyType(found)


def tables() -> tuple[str, ...]:
    """The tables' names, in the order of the stages."""
    return tuple(f.name for f in fields(Config))


def nearest(name: str) -> str:
    """The setting or table that `name` was probably meant to be, or nothing."""
    names = [*tables(), *keys()] if "." not in name else list(keys())
    close = difflib.get_close_matches(name, names, 1, 0.6)
    if not close and "." not in name:
        close = [key for key in keys() if key.endswith("." + name)]
    return close[0] if close else ""
