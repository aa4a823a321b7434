from __future__ import annotations

from avatard.speech.boards.actions import Command, Spell, parse


def test_steps_are_what_the_format_calls_them() -> None:
    assert parse(":clear") is Command.CLEAR
    assert parse(":native-keyboard") is Command.KEYBOARD
    assert parse("+oo") == Spell("oo")
    assert parse("+ ") == Spell(" ")


def test_steps_of_other_programs_are_none() -> None:
    for step in ("", "+", ":", ":ext_other_flip", "clear", ":CLEAR"):
        assert parse(step) is None
