"""Settings from flags, environment and file to one checked, frozen `Config`. Touches no hardware.

flag > environment (`AVATARD_REENACT_AVATAR`) > file > default. What is not known is an error, never ignored: a
misspelt setting that does nothing is worse than one that stops.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from avatard import paths
from avatard.config import Config
from avatard.config_keys import Key, keys, nearest, tables
from avatard.errors import ConfigError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

#: Variables of ours that are not settings.
_NOT_SETTINGS: Final = frozenset({"AVATARD_CONFIG", "AVATARD_SOCKET"})
#: A settings file is a few hundred bytes; this keeps a wrong path (a video) from being read whole.
_MAX_BYTES: Final = 256 * 1024

Tables = dict[str, dict[str, object]]
"""Checked settings as they stand in a file: table → field → value."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A `Config`, and where each setting by its name has its value from: "flag", a variable, a file or "default"."""

    config: Config
    origins: Mapping[str, str]


def load(path: Path | None, env: Mapping[str, str], flags: Mapping[str, object]) -> Config:
    """The settings that hold. `path` None: `AVATARD_CONFIG`, else the user's file if there is one.

    `flags`: by setting ("output.fps"), None where the flag was not given. Raises ConfigError.
    """
    return resolve(path, env, flags).config


def resolve(path: Path | None, env: Mapping[str, str], flags: Mapping[str, object]) -> Loaded:
    """As `load`, with the origin of each value."""
    values: dict[str, object] = {name: key.default for name, key in keys().items()}
    origins = dict.fromkeys(values, "default")
    file, must_exist = chosen_file(path, env)
    for name, value, origin in (
        *_from_file(file, must_exist=must_exist),
        *_from_environment(env),
        *_from_flags(flags),
    ):
        values[name], origins[name] = value, origin
    return Loaded(_config(values), origins)


def chosen_file(path: Path | None, env: Mapping[str, str]) -> tuple[Path, bool]:
    """The settings file in force, and whether it was named on purpose and so must exist."""
    if path is not None:
        return path, True
    if named := env.get("AVATARD_CONFIG"):
        return Path(named), True
    return paths.config_file(), False


def read(file: Path) -> Tables:
    """The checked settings of one file. Raises ConfigError; FileNotFoundError when there is none."""
    return checked_tables(parse(_text(file), file), file)


def _text(file: Path) -> str:
    if file.exists() and not file.is_file():
        # Not opened: a FIFO would hang the start, a folder has no text.
        raise ConfigError(f"{file} is not a plain file", "Settings are a TOML file in UTF-8.")
    try:
        with file.open("rb") as f:
            raw = f.read(_MAX_BYTES + 1)
        if len(raw) > _MAX_BYTES:
            raise ConfigError(f"{file} is too long for a settings file", f"It may have {_MAX_BYTES // 1024} KiB.")
        return raw.decode()
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as e:
        raise ConfigError(f"cannot read {file}: {e}", "Settings are a readable TOML file in UTF-8.") from e


def parse(text: str, file: Path) -> dict[str, Any]:
    """The TOML of `text`, unchecked; `file` is for the message. Raises ConfigError."""
    try:
        data: dict[str, Any] = tomllib.loads(text)
    # tomllib gives up on deeply nested brackets with a RecursionError.
    except (tomllib.TOMLDecodeError, RecursionError) as e:
        raise ConfigError(f"{file} is not TOML: {e}", "See https://toml.io, or start anew: avatard config init") from e
    return data


def checked_tables(data: Mapping[str, Any], file: Path) -> Tables:
    """The settings in a file's TOML; `file` is for the message. Raises ConfigError."""
    checked: Tables = {}
    for table, settings in data.items():
        if table not in tables():
            raise _unknown(table, str(file))
        if not isinstance(settings, dict):
            raise ConfigError(f"{table} in {file} is a table, not a value", f"Write [{table}] on a line of its own.")
        checked[table] = {
            field: _checked(find(f"{table}.{field}", str(file)), value, str(file)) for field, value in settings.items()
        }
    return checked


def _from_file(file: Path, *, must_exist: bool) -> Iterator[tuple[str, object, str]]:
    try:
        data = read(file)
    except FileNotFoundError as e:
        if must_exist:
            raise ConfigError(f"there is no file {file}", "Make one with: avatard config init") from e
        return
    for table, settings in data.items():
        for field, value in settings.items():
            yield f"{table}.{field}", value, str(file)


def _from_environment(env: Mapping[str, str]) -> Iterator[tuple[str, object, str]]:
    by_variable = {key.variable: key for key in keys().values()}
    for variable, text in sorted(env.items()):
        if not variable.startswith("AVATARD_") or variable in _NOT_SETTINGS:
            continue
        key = by_variable.get(variable)
        if key is None:
            raise _unknown(variable.removeprefix("AVATARD_").lower().replace("_", ".", 1), variable)
        try:
            yield key.name, key.parsed(text), variable
        except ValueError as e:
            raise ConfigError(f"{variable} {e}", _hint(key)) from e


def _from_flags(flags: Mapping[str, object]) -> Iterator[tuple[str, object, str]]:
    for name, value in flags.items():
        if value is not None:
            yield name, _checked(find(name, "flag"), value, "flag"), "flag"


def find(name: str, origin: str) -> Key:
    """The setting of that name; `origin`, where the name stood, is for the message. Raises ConfigError."""
    key = keys().get(name)
    if key is None:
        raise _unknown(name, origin)
    return key


def _checked(key: Key, value: object, origin: str) -> object:
    try:
        return key.checked(value)
    except ValueError as e:
        raise ConfigError(f"{key.name} {e} ({origin})", _hint(key)) from e


def _hint(key: Key) -> str:
    return f"{key.name}: {key.words}." if key.words else f"The default is {key.default}."


def _unknown(name: str, origin: str) -> ConfigError:
    guess = nearest(name)
    hint = f"Did you mean {guess}?" if guess else "avatard config schema lists every setting."
    return ConfigError(f"no setting is called {name} ({origin})", hint)


def _config(values: Mapping[str, object]) -> Config:
    default = Config()
    return Config(
        **{
            table: type(getattr(default, table))(
                **{key.field: values[key.name] for key in keys().values() if key.table == table}
            )
            for table in tables()
        }
    )
