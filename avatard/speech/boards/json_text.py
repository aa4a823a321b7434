"""JSON from a file that nobody has checked: bounded before it is parsed, and only what can be written again."""

from __future__ import annotations

import json
import re
from typing import Any, Final, NoReturn

from avatard import strict_json
from avatard.errors import BoardError

#: A board with its pictures inside it; the largest seen in the wild are about 20 MB.
MAX_BYTES: Final = 32_000_000
#: Objects, lists and what is in them. A board of 2,000 buttons, all with pictures and licences, has 60,000.
MAX_VALUES: Final = 500_000
MAX_DEPTH: Final = 32

#: What a backslash begins: another one, a character in two halves, or (the group) half of one alone.
_ESCAPES: Final = re.compile(
    r"\\(?:\\|u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2}))"
)

DAMAGED: Final = "Export it anew from the program that made it."


def values(text: bytes) -> int:
    """No fewer than the values in it, counted without parsing: memory for ten million empty lists is 700 MB."""
    return text.count(b",") + text.count(b"{") + text.count(b"[")


def parse(text: bytes, where: str) -> dict[str, Any]:
    """The object that `text` is. Raises BoardError, which begins with `where`.

    Half of a character that only two of them make becomes U+FFFD: no other program takes it, and no terminal prints it.
    """
    if len(text) > MAX_BYTES:
        refuse(where, f"{len(text) / 1e6:.0f} MB of JSON are too much, {MAX_BYTES // 1_000_000} MB are the most")
    if values(text) > MAX_VALUES:
        refuse(where, f"more than {MAX_VALUES} values")
    try:
        data = strict_json.loads(_ESCAPES.sub(_whole_character, text.decode("utf-8-sig")))
    except RecursionError:
        refuse(where, f"nested deeper than {MAX_DEPTH} levels")
    except ValueError as e:  # not JSON, not UTF-8, or a number of thousands of digits
        refuse(where, f"not JSON ({_reason(e)})")
    if not isinstance(data, dict):
        refuse(where, "not a JSON object")
    if _too_deep(data):
        refuse(where, f"nested deeper than {MAX_DEPTH} levels")
    return data


def write(data: object) -> bytes:
    """JSON for people to read too: ASCII, so that no program misreads it."""
    return json.dumps(data, indent=1, allow_nan=False).encode() + b"\n"


def refuse(where: str, why: str, hint: str = DAMAGED) -> NoReturn:
    """Raise the BoardError that says so."""
    raise BoardError(f"{where}: {why}", hint)


def _whole_character(escape: re.Match[str]) -> str:
    return r"\ufffd" if escape[1] else escape[0]


def _too_deep(data: object) -> bool:
    level = [data]
    for _ in range(MAX_DEPTH):
        level = [inner for outer in level for inner in _inside(outer)]
        if not level:
            return False
    return True


def _inside(value: object) -> list[object]:
    """The objects and lists in a value."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [v for v in inner if isinstance(v, (dict, list))]


def _reason(e: ValueError) -> str:
    """Without the text itself, which is whatever the user's board says."""
    if isinstance(e, json.JSONDecodeError):
        return f"line {e.lineno}, column {e.colno}"
    return "not UTF-8" if isinstance(e, UnicodeDecodeError) else str(e)
