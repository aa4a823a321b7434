from __future__ import annotations

from typing import Any

from avatard.config_edit import template
from avatard.config_keys import keys
from avatard.config_schema import json_schema


def _properties() -> dict[str, Any]:
    properties = json_schema()["properties"]
    assert isinstance(properties, dict)
    return properties


def test_every_setting_is_in_it_and_nothing_else_is_allowed() -> None:
    assert json_schema()["additionalProperties"] is False
    for table in _properties().values():
        assert table["additionalProperties"] is False
    named = {f"{table}.{field}" for table, inner in _properties().items() for field in inner["properties"]}
    assert named == set(keys())


def test_types_and_ranges_are_the_settings_own() -> None:
    output = _properties()["output"]["properties"]
    assert (output["width"]["type"], output["width"]["multipleOf"], output["width"]["minimum"]) == ("integer", 2, 160)
    assert output["sinks"]["type"] == "array"
    assert _properties()["reenact"]["properties"]["mouth"]["enum"] == ["drawn", "own"]
    assert _properties()["drive"]["properties"]["idle"]["type"] == "boolean"
    assert _properties()["capture"]["properties"]["source"]["type"] == "string"


def test_comments_of_the_dataclasses_reach_schema_and_template() -> None:
    assert "camera-pixel" in _properties()["reenact"]["properties"]["mouth"]["description"]
    assert "breathe and blink" in template()
