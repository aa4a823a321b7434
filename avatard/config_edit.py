"""Change one setting in the user's file and keep everything else in it: comments, order, blank lines.

Works on lines, then parses the result and compares it with what was meant: a layout it does not understand is
refused, never damaged.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from avatard.config_file import find, parse, read
from avatard.config_keys import Key, keys, tables
from avatard.errors import ConfigError
from avatard.whole_file import write_whole

_HEADER = re.compile(r"\s*\[\s*([\w-]+)\s*\]\s*(#.*)?$")


def set_value(file: Path, key: Key, value: object) -> None:
    """Write `key = value`, already checked, into `file`, which is made when there is none. Raises ConfigError."""
    try:
        before = read(file)
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        before, text = {}, ""
    wanted = {table: dict(settings) for table, settings in before.items()}
    wanted.setdefault(key.table, {})[key.field] = value
    line = _line(key, value)
    edited = "\n".join(_edited(text.splitlines(), key, line, file)) + "\n"
    try:
        understood = _plain(parse(edited, file)) == _plain(wanted)
    except ConfigError:
        understood = False
    if not understood:
        raise ConfigError(f"{file} is laid out in a way that is not edited here", f"Set it by hand: {line}")
    _replace(file, edited)


def set_text(file: Path, name: str, text: str) -> None:
    """Write the setting `name` with the value that `text` means, as a variable's text would. Raises ConfigError."""
    key = find(name, str(file))
    try:
        value = key.parsed(text)
    except ValueError as e:
        raise ConfigError(f"{name} {e}", f"The default is {key.default}.") from e
    set_value(file, key, value)


def write_template(file: Path) -> None:
    """A file with every setting, commented out at its default, and what it does. Raises ConfigError if it exists."""
    if file.exists():
        raise ConfigError(f"{file} is there already", "Change it with: avatard config set KEY VALUE")
    _replace(file, template())


def template() -> str:
    """What `write_template` writes."""
    lines = ["# avatard's settings. Remove the # before a line to change it; `avatard config show` tells what holds."]
    for table in tables():
        lines += ["", f"[{table}]"]
        for key in keys().values():
            if key.table == table:
                meaning = f"{key.words} ({key.wanted})" if key.words else key.wanted
                lines += [f"# {meaning}", f"#{_line(key, key.default)}"]
    return "\n".join(lines) + "\n"


def _line(key: Key, value: object) -> str:
    # JSON writes these types as TOML does (there are no control characters in them, `Key.checked` saw to that), and
    # on one line, which `tomli_w` does not do for lists.
    return f"{key.field} = {json.dumps(value, ensure_ascii=False)}"


def _plain(data: object) -> object:
    if isinstance(data, dict):
        return {name: _plain(value) for name, value in data.items()}
    return [_plain(value) for value in data] if isinstance(data, (list, tuple)) else data


def _edited(lines: list[str], key: Key, line: str, file: Path) -> list[str]:
    """`lines` with the setting replaced, or added at the top of its table, or with its table at the end."""
    table, header = "", -1
    for i, text in enumerate(lines):
        if match := _HEADER.match(text):
            table = match[1]
            header = i if table == key.table else header
        names = {key.table: key.field, "": f"{key.table}.{key.field}"}
        name = names.get(table)
        if name and (found := re.match(rf"\s*{re.escape(name)}\s*=", text)):
            end = _end_of_value(lines, i, file)
            return [*lines[:i], found[0].rstrip(" =") + line.removeprefix(key.field), *lines[end:]]
    if header >= 0:
        return [*lines[: header + 1], line, *lines[header + 1 :]]
    return [*lines, *([""] if lines else []), f"[{key.table}]", line]


def _end_of_value(lines: list[str], start: int, file: Path) -> int:
    """The line after the value that begins on line `start`: the shortest run of lines that is TOML by itself."""
    for end in range(start + 1, len(lines) + 1):
        try:
            parse("\n".join(lines[start:end]), file)
        except ConfigError:
            continue
        return end
    return start + 1


def _replace(file: Path, text: str) -> None:
    """Write the whole file or nothing of it; a symbolic link stays one (dotfiles are often links)."""
    file = file.resolve()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, text.encode())
    except OSError as e:
        raise ConfigError(f"cannot write {file}: {e.strerror}", "Check the folder's permissions and free space.") from e
