from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, cast

import pytest

from avatard import commands
from avatard.avatar import Avatar
from avatard.commands import Commands
from avatard.config import SpeechConfig
from avatard.errors import AudioError, AvatarError, BoardError, ControlError
from avatard.pipeline import Pipeline
from avatard.speech.speaker import Speaker
from avatard.speech.voices.voice import Voice
from tests.speech.stand_ins import Tapes, Tones


class Picture:
    """Stands in for the pipeline: it only remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.state = "live"

    def pause(self) -> None:
        self.told.append("pause")

    def resume(self) -> None:
        self.told.append("resume")

    def recenter(self) -> None:
        self.told.append("recenter")

    def use(self, avatar: object) -> None:
        self.told.append(f"use {avatar}")

    def status(self) -> Mapping[str, object]:
        return {"state": self.state}


def load(name: str) -> Avatar:
    if name == "nobody":
        raise AvatarError("no avatar is called 'nobody'")
    return cast(Avatar, name)


@pytest.fixture
def picture() -> Picture:
    return Picture()


@pytest.fixture
def answer(picture: Picture) -> Any:
    tapes = Tapes()
    with Speaker(SpeechConfig(), tapes, cast(Callable[[str], Voice], lambda name: Tones())) as speaker:
        made = Commands(load, lambda: picture.told.append("stop"))
        made.serve(cast(Pipeline, picture), speaker, tapes)
        yield lambda command, **args: made(command, args)


def test_each_command_of_the_picture_answers_with_its_state(answer: Any, picture: Picture) -> None:
    for command in ("pause", "resume", "recenter"):
        assert answer(command) == {"state": "live"}
    assert answer("use", avatar="mira") == {"state": "live"}
    assert answer("stop") == {"state": "stopping"}
    assert picture.told == ["pause", "resume", "recenter", "use mira", "stop"]


def test_status_tells_of_picture_speech_and_sound(answer: Any) -> None:
    status = answer("status")
    assert status["state"] == "live"
    assert status["speech"]["mode"] == "private"
    assert status["audio"] == {}
    assert status["uptime_s"] >= 0


def test_typed_text_is_said_and_followed(answer: Any) -> None:
    assert answer("live") == {"mode": "live"}
    saying = answer("say", text="Hello", emotion="happy")
    assert (saying["id"], saying["private"]) == (1, False)
    assert answer("said", id=1)["id"] == 1
    assert answer("say-again")["id"] == 2
    assert answer("composing") == {"mode": "live"}
    assert answer("say-stop") == {"mode": "live"}
    assert answer("said", id=2)["stage"] == "stopped"
    assert answer("private") == {"mode": "private"}


@pytest.mark.parametrize(
    ("command", "args", "error"),
    [
        ("say", {}, AudioError),
        ("say", {"text": "a", "loudness": 3}, ControlError),
        ("said", {}, AudioError),
        ("said", {"id": 99}, AudioError),
        ("said", {"id": "1"}, AudioError),
        ("use", {"avatar": "nobody"}, AvatarError),
        ("xyzzy", {}, ControlError),
    ],
)
def test_what_cannot_be_is_refused(answer: Any, command: str, args: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        answer(command, **args)


def test_a_button_of_a_board_is_said(answer: Any) -> None:
    assert answer("say-phrase", name="meeting", label="hello")["id"] == 1
    with pytest.raises(BoardError):
        answer("say-phrase", name="meeting", label="xyzzy")
    with pytest.raises(BoardError):
        answer("say-phrase")


def test_before_the_devices_are_open_only_stop_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "START_S", 0.01)
    stopped = threading.Event()
    made = Commands(load, stopped.set)
    with pytest.raises(ControlError, match="still starting") as e:
        made("status", {})
    assert e.value.retryable
    made("stop", {})
    assert stopped.is_set()
