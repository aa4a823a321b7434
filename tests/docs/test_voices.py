"""The lines of docs/voices.md: commands that exist, settings that hold, pronunciations that are read."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from avatard.cli.group import cli
from avatard.config_keys import keys
from avatard.speech.voices.catalogue import find
from avatard.speech.voices.pronunciation import read_pronunciations
from avatard.speech.voices.wording import clean

PAGE = (Path(__file__).parents[2] / "docs" / "voices.md").read_text(encoding="utf-8")
LINES = re.findall(r"^    avatard (.+?)(?:  .*)?$", PAGE, re.MULTILINE)


@pytest.mark.parametrize("line", LINES)
def test_every_command_is_there(line: str) -> None:
    name, *arguments = shlex.split(line)
    group = cli.get_command(click.Context(cli), name)
    assert isinstance(group, click.Group)
    command = group.commands[arguments[0]]
    command.make_context(arguments[0], arguments[1:])  # raises for what it does not take


def test_the_settings_and_voices_that_it_names_are_there() -> None:
    for name in re.findall(r"`(speech\.\w+)`", PAGE):
        assert name in keys()
    for name in ("en-us+f3", "de+max", "joe"):
        assert f"`{name}`" in PAGE
        assert find(name).id.lower() == name


def test_its_pronunciations_are_read(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "p.toml").write_text(example, encoding="utf-8")
    words = read_pronunciations(tmp_path / "p.toml")
    assert (
        words.applied(clean("A GIF of nginx by Dr. X in C++")).text == "A jif of engine x by doctor X in see plus plus"
    )
    assert words.applied(clean("Tomato")).sounds
