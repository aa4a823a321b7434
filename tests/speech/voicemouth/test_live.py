from __future__ import annotations

import logging
from collections.abc import Callable

import pytest

from avatard.config import AudioConfig, Config, DriveConfig, Voice
from avatard.errors import EngineError
from avatard.speech.voicemouth import live
from avatard.speech.voicemouth.live import voice_mouth
from avatard.speech.voicemouth.mouth import AWAY_NS, IN_STEP_S, VoiceMouth
from avatard.utterance import Pcm
from tests.speech.stand_ins import Tapes


class Listening(Tapes):
    """Remembers who listens to its microphone."""

    def __init__(self) -> None:
        super().__init__()
        self.listeners: list[Callable[[Pcm, int], None]] = []

    def listen(self, hear: Callable[[Pcm, int], None]) -> None:
        self.listeners.append(hear)


def config(microphone: str = "default", voice: Voice = "auto") -> Config:
    return Config(audio=AudioConfig(microphone=microphone), drive=DriveConfig(voice=voice))


def test_it_listens_to_the_microphone_that_is_let_through() -> None:
    audio = Listening()
    with voice_mouth(config(), audio) as mouth:
        assert mouth is not None
        assert audio.listeners == [mouth.hear]


@pytest.mark.parametrize("config", [config(microphone="none"), config(voice="never")])
def test_nobody_listens_where_no_microphone_is_to_move_the_mouth(config: Config) -> None:
    audio = Listening()
    with voice_mouth(config, audio) as mouth:
        assert mouth is None
    assert not audio.listeners


def test_a_network_that_does_not_load_costs_the_mouth_alone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(VoiceMouth):
        def __enter__(self) -> Broken:
            raise EngineError("the network is damaged", "Install avatard anew.")

    monkeypatch.setattr(live, "VoiceMouth", Broken)
    with caplog.at_level(logging.WARNING), voice_mouth(config(), Listening()) as mouth:
        assert mouth is None
    assert "the network is damaged" in caplog.text


def test_the_microphone_must_be_late_enough_for_its_lips_only_while_they_are_its_own() -> None:
    mouth = VoiceMouth("auto", lambda: 0.1)
    seconds = 10**9
    mouth.at(seconds, face=True)
    assert mouth.needed_delay_s == 0
    mouth.at(seconds + AWAY_NS + 1, face=False)
    assert mouth.needed_delay_s == IN_STEP_S
    mouth.at(2 * seconds, face=True)
    assert mouth.needed_delay_s == 0
    mouth.voice = "never"
    mouth.at(9 * seconds, face=False)
    assert mouth.needed_delay_s == 0
    mouth.voice = "always"
    assert mouth.needed_delay_s == IN_STEP_S
