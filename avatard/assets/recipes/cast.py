"""The people: every shipped avatar and the performer, read from cast.toml beside this file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomllib
from anatomy import Identity
from clothes import Garment
from hair import Style
from head import Person

PARTS = {"identity": Identity, "hair": Style, "beard": Style, "top": Garment}


def smiling(amount: float) -> dict[str, float]:
    """A friendly closed-mouth smile: corners, cheeks, a touch of the lower lids and the brows."""
    full = {"mouthSmileLeft": 0.62, "mouthSmileRight": 0.56, "mouthDimpleLeft": 0.1, "mouthDimpleRight": 0.1}
    full |= {"cheekSquintLeft": 0.45, "cheekSquintRight": 0.45}
    brows = {"browInnerUp": 0.06, "browOuterUpLeft": 0.1, "browOuterUpRight": 0.1}
    return {unit: amount * weight for unit, weight in full.items()} | brows


def _frozen(value: Any) -> Any:
    """TOML's lists as tuples, so that a Person stays immutable."""
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    return {key: _frozen(item) for key, item in value.items()} if isinstance(value, dict) else value


def _person(name: str, table: Mapping[str, Any]) -> Person:
    row = {key: _frozen(value) for key, value in table.items()}
    for key, kind in PARTS.items():
        if isinstance(row.get(key), dict):
            row[key] = kind(**row[key])
    if "smile" in row:
        row["smile"] = smiling(row["smile"])
    return Person(name=name, **row)


def read_cast() -> dict[str, Person]:
    """Everybody, by name, in the file's order."""
    text = (Path(__file__).parent / "cast.toml").read_text(encoding="utf-8")
    return {name: _person(name, table) for name, table in tomllib.loads(text).items()}


_EVERYBODY = read_cast()
PERFORMER = _EVERYBODY.pop("performer")
CAST = tuple(_EVERYBODY.values())
