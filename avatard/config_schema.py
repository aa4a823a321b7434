"""The settings as a JSON Schema, for editors that check TOML while it is typed."""

from __future__ import annotations

from avatard.config_keys import Key, keys, tables


def json_schema() -> dict[str, object]:
    """The schema of the whole file. What it accepts, `config_file` accepts, and nothing more."""
    properties = {
        table: {
            "type": "object",
            "additionalProperties": False,
            "properties": {key.field: _type(key) for key in keys().values() if key.table == table},
        }
        for table in tables()
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "avatard",
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
    }


def _type(key: Key) -> dict[str, object]:
    schema: dict[str, object] = {"default": list(key.default) if key.is_list else key.default}
    if key.words:
        schema["description"] = key.words
    if key.choices:
        return schema | {"enum": list(key.choices)}
    if key.limits:
        low, high = key.limits
        schema |= {"type": "integer" if key.type is int else "number", "minimum": low, "maximum": high}
        return schema | ({"multipleOf": 2} if key.even else {})
    if key.is_list:
        return schema | {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1}
    return schema | {"type": "boolean" if key.type is bool else "string"}
