from __future__ import annotations

import json

from click.testing import CliRunner

from avatard.cli.devices import command as devices


def test_devices_as_json_is_a_list() -> None:
    result = CliRunner().invoke(devices, ["--json"])

    assert result.exit_code == 0
    assert isinstance(json.loads(result.output)["devices"], list)


def test_devices_in_words_says_what_to_do_without() -> None:
    result = CliRunner().invoke(devices, [])

    assert result.exit_code == 0
    assert "Cameras" in result.output
