"""`say`, `live` and `private`, against a real control server."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from avatard.cli.group import cli
from avatard.control.server import Server
from avatard.errors import AudioError
from avatard.speech.saying import MAX_CHARACTERS

pytestmark = pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no Unix sockets")


class Daemon:
    """Answers as a running avatard does. stages: of each saying, one an answer."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, object]]] = []
        self.stages = ["waiting", "speaking", "said"]
        self.refusal: AudioError | None = None
        self.unheard = ""

    def __call__(self, command: str, args: Mapping[str, object]) -> Mapping[str, object]:
        if self.refusal is not None:
            raise self.refusal
        times = [asked for asked, _ in self.asked].count("said")
        self.asked.append((command, dict(args)))
        if command in ("live", "private", "say-stop"):
            return {"mode": "live"}
        stage = self.stages[min(times, len(self.stages) - 1)] if command == "said" else "waiting"
        base = {"id": 7, "private": False, "word": None, "unheard": self.unheard, "error": "", "hint": ""}
        failure = {"error": "the voice broke", "hint": "Take another."} if stage == "failed" else {}
        return {**base, "stage": stage, **failure}

    @property
    def texts(self) -> list[object]:
        return [args["text"] for command, args in self.asked if command == "say"]


@pytest.fixture
def daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Daemon]:
    path = tmp_path / "avatard.sock"
    monkeypatch.setenv("AVATARD_SOCKET", str(path))
    daemon = Daemon()
    with Server(path, daemon):
        yield daemon


def run(*words: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(cli, ["say", *words], input=typed)


def test_a_text_is_handed_on_with_what_was_wished_and_nothing_else(daemon: Daemon) -> None:
    done = run("Hello", "--emotion", "happy", "--rate", "1.2", "--private")
    assert done.exit_code == 0, done.output
    assert daemon.asked == [("say", {"text": "Hello", "emotion": "happy", "rate": 1.2, "private": True})]
    assert done.output == ""


def test_each_line_of_standard_input_is_said_as_it_comes(daemon: Daemon) -> None:
    assert run("-", typed="Hello\n\n  there  \n").exit_code == 0
    assert daemon.texts == ["Hello", "there"]


def test_waiting_ends_with_the_saying(daemon: Daemon) -> None:
    done = run("Hello", "--wait", "--json")
    assert json.loads(done.output)["stage"] == "said"
    assert [command for command, _ in daemon.asked] == ["say", "said", "said", "said"]


def test_a_saying_that_fails_is_an_error_with_its_hint(daemon: Daemon) -> None:
    daemon.stages = ["failed"]
    done = run("Hello", "--wait")
    assert done.exit_code == AudioError.exit_code
    assert "the voice broke" in done.output
    assert "Take another." in done.output


def test_who_speaks_into_the_void_is_told(daemon: Daemon) -> None:
    daemon.unheard = "no sound server answers"
    done = run("Hello")
    assert done.exit_code == 0
    assert "nobody hears it: no sound server answers" in done.output


def test_a_refusal_keeps_its_code(daemon: Daemon) -> None:
    daemon.refusal = AudioError("nobody would hear it", "Plug in headphones.")
    done = run("Hello")
    assert done.exit_code == AudioError.exit_code
    assert "Plug in headphones." in done.output


def test_a_hundred_thousand_characters_go_in_parts_that_end_with_sentences(daemon: Daemon) -> None:
    text = "This is a sentence of a long speech. " * 2700
    assert run(text).exit_code == 0
    parts = [str(part) for part in daemon.texts]
    assert max(map(len, parts)) <= MAX_CHARACTERS
    assert all(part.rstrip().endswith(".") for part in parts)
    assert "".join(parts).replace(" ", "") == text.replace(" ", "")


def test_one_word_longer_than_a_request_is_cut(daemon: Daemon) -> None:
    assert run("a" * (2 * MAX_CHARACTERS + 1)).exit_code == 0
    assert [len(str(part)) for part in daemon.texts] == [MAX_CHARACTERS, MAX_CHARACTERS, 1]


def test_a_button_of_a_board_by_its_set_and_label(daemon: Daemon) -> None:
    assert run("--phrase", "meeting/One moment/please", "--private").exit_code == 0
    assert daemon.asked == [("say-phrase", {"name": "meeting", "label": "One moment/please", "private": True})]


def test_stop_and_again(daemon: Daemon) -> None:
    assert run("--stop").exit_code == 0
    assert run("--again").exit_code == 0
    assert [command for command, _ in daemon.asked] == ["say-stop", "say-again"]


@pytest.mark.parametrize("words", [(), ("Hello", "--stop"), ("--again", "--stop")])
def test_one_thing_at_a_time(words: tuple[str, ...]) -> None:
    done = run(*words)
    assert done.exit_code == 2
    assert "Give one of" in done.output


def test_live_and_private(daemon: Daemon) -> None:
    for command in ("live", "private"):
        assert CliRunner().invoke(cli, [command]).exit_code == 0
    assert [command for command, _ in daemon.asked] == ["live", "private"]
