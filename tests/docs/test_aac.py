"""Every example of docs/aac.md is run, against the daemon's own commands on a real control socket."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import cast

import pytest

from avatard.avatar import Avatar
from avatard.cli.group import cli
from avatard.commands import Commands
from avatard.config import SpeechConfig
from avatard.control import server
from avatard.pipeline import Pipeline
from avatard.speech.boards import actions, board
from avatard.speech.saying import MAX_CHARACTERS, Stage
from avatard.speech.speaker import Speaker
from avatard.speech.voices.voice import Voice
from tests.speech.stand_ins import Tapes, Tones

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no Unix sockets")

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "aac.md").read_text(encoding="utf-8")
SHELL: list[str] = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
(PYTHON,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
ASKED, ANSWERED = (json.loads(line) for line in re.findall(r"^    [→←] (.*)$", PAGE, re.MULTILINE))


class Recorder:
    """The daemon's commands, and what was asked of them."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands
        self.asked: list[tuple[str, dict[str, object]]] = []

    def __call__(self, command: str, args: Mapping[str, object]) -> Mapping[str, object]:
        answer = self._commands(command, args)
        self.asked.append((command, dict(args)))
        return answer

    @property
    def texts(self) -> list[object]:
        return [args["text"] for command, args in self.asked if command == "say"]


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """A machine where `avatard` is this checkout's."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "avatard").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m avatard "$@"\n')
    (programs / "avatard").chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AVATARD_")}
    home = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data"), "PYTHONPATH": str(ROOT)}
    return {**kept, **home, "PATH": f"{programs}:{os.environ['PATH']}", "AVATARD_SOCKET": str(tmp_path / "s")}


@pytest.fixture
def daemon(env: dict[str, str]) -> Iterator[Recorder]:
    tapes = Tapes()
    with Speaker(SpeechConfig(), tapes, cast(Callable[[str], Voice], lambda name: Tones())) as speaker:
        commands = Commands(lambda name: cast(Avatar, name), lambda: None)
        commands.serve(cast(Pipeline, None), speaker, tapes)
        recorder = Recorder(commands)
        with server.Server(Path(env["AVATARD_SOCKET"]), recorder):
            yield recorder


def run(script: str, env: dict[str, str]) -> str:
    return subprocess.run(
        ["sh", "-eu", "-c", script], env=env, cwd=env["HOME"], check=True, capture_output=True, text=True, timeout=60
    ).stdout


def test_the_commands(daemon: Recorder, env: dict[str, str]) -> None:
    run(SHELL[0], env)
    assert daemon.asked == [
        ("say", {"text": "Hello, I am typing."}),
        ("say", {"text": "That is good news!", "emotion": "happy"}),
        ("say", {"text": "Only I hear this.", "private": True}),
        ("say-again", {}),
        ("say-stop", {}),
        ("live", {}),
        ("private", {}),
    ]


def test_lines(daemon: Recorder, env: dict[str, str]) -> None:
    run(SHELL[1], env)
    assert daemon.texts == ["One line.", "And one more."]


def test_a_named_pipe(daemon: Recorder, env: dict[str, str]) -> None:
    with subprocess.Popen(["sh", "-eu"], env=env, cwd=env["HOME"], stdin=subprocess.PIPE, text=True) as shell:
        assert shell.stdin is not None
        shell.stdin.write(SHELL[2])
        shell.stdin.flush()
        deadline = time.monotonic() + 30
        while not daemon.texts and time.monotonic() < deadline:
            time.sleep(0.05)
        shell.stdin.write(SHELL[3])
        shell.stdin.close()
        assert shell.wait(30) == 0
    assert daemon.texts == ["From a program that only knows files."]
    assert not (Path(env["HOME"]) / "speak").exists()


def test_python(daemon: Recorder, env: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-c", PYTHON], env=env, check=True, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() in ("waiting", "speaking")
    assert [command for command, _ in daemon.asked] == ["composing", "say", "said", "say-stop"]


@pytest.mark.skipif(shutil.which("socat") is None, reason="socat is not installed: apt install socat")
def test_the_socket_from_a_shell(daemon: Recorder, env: dict[str, str]) -> None:
    answer = json.loads(run(SHELL[4], env))
    assert (answer["ok"], answer["result"]["stage"], daemon.texts) == (True, "waiting", ["Hello"])


def test_the_lines_shown_are_what_goes_over_the_socket(daemon: Recorder) -> None:
    answer = daemon(ASKED["command"], ASKED["args"])
    assert {**ANSWERED["result"], "id": answer["id"]} == answer


def test_phrase_boards(env: dict[str, str]) -> None:
    said = run(SHELL[5], env)
    assert "mine is there." in said
    assert (Path(env["HOME"]) / "meeting.obz").is_file()


def test_what_the_page_says_of_numbers_and_names(daemon: Recorder) -> None:
    assert f"at most {MAX_CHARACTERS:,} characters" in PAGE
    assert server.IDLE_S == 30
    assert "half a minute" in PAGE
    assert {f"`{stage.value}`" for stage in Stage} <= set(re.findall(r"`\w+`", PAGE))
    assert board.EMOTION in PAGE
    assert board.VOICE in PAGE
    ours = [action.value for action in actions.Command if action.value.startswith(":ext_")]
    assert all(f"`{action}`" in PAGE for action in ours)
    table = PAGE[PAGE.index("| command | args |") :]
    commands = re.findall(r"`([a-z-]+)`", " ".join(row.split("|")[1] for row in table.splitlines()[2:9]))
    assert len(commands) == 8
    wants: dict[str, dict[str, object]] = {"say": {"text": "x"}, "said": {"id": 1}}
    for command in commands:
        if command != "status":  # it wants a picture too
            daemon(command, wants.get(command, {}))


def test_every_command_on_the_page_is_there() -> None:
    named = set(re.findall(r"\bavatard ([a-z]+)\b", " ".join(SHELL)))
    assert named == {"say", "live", "private", "phrases"}
    assert {*named, "spd"} <= set(cli.list_commands(None))  # type: ignore[arg-type]
