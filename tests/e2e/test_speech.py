"""Typed text, from the command to the virtual microphone: what a call hears, and what it must not hear."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from avatard.config import SpeechConfig
from avatard.control import client
from avatard.errors import AvatardError
from avatard.speech.voices.voice import Manner, open_voice
from avatard.utterance import Pcm
from tests.audio.parec import recording
from tests.audio.sound_servers import needs_pulseaudio, running
from tests.e2e.live import until

pytestmark = [pytest.mark.audio, needs_pulseaudio]

#: One clause: what is synthesised at once is heard without a gap.
LIVE, PRIVATE = "Maybe we buy five pumpkins today", "My secret number is seven"


class Daemon:
    """`avatard up` without a camera, and its control socket."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "avatard.sock"
        self.log = folder / "avatard.log"
        command = ["up", "--source", "none", "--sink", "null", "--engine", "still", "--size", "320x240"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "avatard", *command, "--verbose", "--socket", str(self.socket)],
                env=os.environ.copy(),
                stderr=log,
            )
        until(lambda: self.status().get("state") == "idle", "the avatar", 60.0)

    def call(self, command: str, **args: object) -> Any:
        return client.call(command, args, self.socket)

    def status(self) -> Any:
        try:
            return self.call("status")
        except AvatardError:
            return {}

    def say(self, text: str, **how: object) -> Any:
        """Say it, and wait until it is over."""
        number = self.call("say", text=text, **how)["id"]
        answers: list[Any] = []

        def over() -> bool:
            answers.append(self.call("said", id=number))
            return answers[-1]["stage"] not in ("waiting", "speaking")

        until(over, "the end of what is said")
        return answers[-1]


@pytest.fixture
def daemon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Daemon]:
    with running("pulseaudio", tmp_path, monkeypatch):
        daemon = Daemon(tmp_path)
        try:
            yield daemon
        finally:
            daemon.process.terminate()
            assert daemon.process.wait(20) == 0


def spoken(before: str, text: str) -> Pcm:
    """What the voice of the settings makes of `text`. before: said first; espeak-ng's breath depends on it."""
    config = SpeechConfig()
    manner = Manner(volume=config.volume)
    with open_voice(config.voice) as voice:
        list(voice.speak(before, manner))
        return np.concatenate([clause.pcm for clause in voice.speak(text, manner)])


def test_the_call_hears_what_was_synthesised_to_the_bit_and_nothing_private(daemon: Daemon) -> None:
    with recording("avatard_microphone") as heard:
        assert daemon.say(PRIVATE)["private"], "it starts private"
        daemon.call("live")
        assert daemon.say(PRIVATE, private=True)["stage"] == "said"
        sound = np.trim_zeros(spoken(PRIVATE, LIVE))
        before = len(heard.pcm)
        for _ in range(3):  # a machine too busy for a whole sentence without a gap is not what is tested
            assert daemon.say(LIVE)["stage"] == "said"
            time.sleep(0.5)  # on its way to the recorder
            if heard.find(sound) >= 0:
                break
        at, whole = heard.find(sound), heard.pcm

    assert at >= 0, "the sentence, bit for bit"
    assert not whole[:before].any(), "nothing private"
    assert not whole[at + len(sound) :].any(), "nothing after it"


def test_stop_is_silence_and_no_text_is_in_the_log(daemon: Daemon) -> None:
    daemon.call("live")
    with recording("avatard_microphone") as heard:
        number = daemon.call("say", text=". ".join([LIVE] * 20))["id"]
        until(lambda: bool(heard.pcm.any()), "the first sound")
        daemon.call("say-stop")
        assert daemon.call("said", id=number)["stage"] == "stopped"
        until(lambda: len(heard.pcm) > 24000 and not heard.pcm[-24000:].any(), "half a second of silence")
    assert daemon.say("Hello")["stage"] == "said"
    log = daemon.log.read_text().lower()
    for word in ("pumpkin", "maybe", "hello"):
        assert word not in log
