"""The fields of one JSON object, taken one by one; what is left over is kept as it is."""

from __future__ import annotations

from typing import Any

from avatard.speech.boards.json_text import refuse


class Fields:
    """Takes fields out of the object `data`; each raises BoardError, beginning with `where`, for what does not fit.

    `null` is as good as no field. A whole number stands for its digits where text is wanted: ids often are numbers.
    """

    def __init__(self, data: object, where: str) -> None:
        if not isinstance(data, dict):
            refuse(where, "not an object")
        self._data: dict[str, Any] = dict(data)
        self.where = where

    def text(self, name: str) -> str | None:
        """The text of that name, or None."""
        return self.plain_text(self._data.pop(name, None), name)

    def plain_text(self, value: object, name: str) -> str | None:
        """`value` as text, or None."""
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if value is None:
            return None
        if not isinstance(value, str):
            refuse(self.where, f"{name} is not text")
        return value

    def id(self) -> str:
        """The object's own id."""
        found = self.text("id")
        if not found:
            refuse(self.where, "it has no id")
        return found

    def flag(self, name: str) -> bool:
        """True or false; false where there is none."""
        value = self._data.pop(name, None)
        if value is not None and not isinstance(value, bool):
            refuse(self.where, f"{name} is neither true nor false")
        return bool(value)

    def whole(self, name: str, most: int) -> int:
        """A number from 1 to `most`."""
        value = self._data.pop(name, None)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            refuse(self.where, f"{name} is not a number from 1 to {most}")
        return value

    def items(self, name: str, most: int) -> list[Any]:
        """A list of at most `most`; empty where there is none."""
        value = self._data.pop(name, None)
        if value is None:
            return []
        if not isinstance(value, list):
            refuse(self.where, f"{name} is not a list")
        if len(value) > most:
            refuse(self.where, f"{name} has more than {most} entries")
        return value

    def table(self, name: str) -> dict[str, str]:
        """An object of texts, such as paths by id; empty where there is none."""
        inner = Fields(self._data.pop(name, None) or {}, f"{self.where}: {name}")
        texts = {key: inner.text(key) for key in tuple(inner._data)}
        return {key: text for key, text in texts.items() if text is not None}

    def inner(self, name: str) -> Fields | None:
        """The object of that name, or None."""
        value = self._data.pop(name, None)
        return None if value is None else Fields(value, f"{self.where}: {name}")

    def rest(self) -> dict[str, Any]:
        """What nobody took."""
        return self._data
