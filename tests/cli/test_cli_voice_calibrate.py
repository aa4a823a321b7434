from __future__ import annotations

from collections.abc import Callable
from types import TracebackType

import numpy as np
import pytest
from click.testing import CliRunner

from avatard import audio, paths
from avatard.cli.group import cli
from avatard.config import AudioConfig
from avatard.speech.voicemouth import calibration, profile
from avatard.utterance import RATE, Pcm
from tests.speech.voicemouth.sounds import noise, silence, vowel

HOP = RATE // 100


class Microphone:
    """As much of an `Audio` as calibrates: gives its sound at once."""

    def __init__(self, pcm: Pcm) -> None:
        self._pcm = pcm

    def __enter__(self) -> Microphone:
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        pass

    def listen(self, hear: Callable[[Pcm, int], None]) -> None:
        for at in range(0, len(self._pcm) - HOP + 1, HOP):
            hear(self._pcm[at : at + HOP], at)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[AudioConfig]:
    """What was opened; the microphone hears 4 s of a room and 16 s of a voice."""
    opened: list[AudioConfig] = []
    pcm = np.concatenate([silence(calibration.QUIET_S), np.tile(np.concatenate([vowel(0.4), silence(0.1)]), 32)])
    pcm = pcm + noise(len(pcm) / RATE, 0.001)

    def open_audio(config: AudioConfig) -> Microphone:
        opened.append(config)
        return Microphone(pcm)

    monkeypatch.setattr(audio, "open_audio", open_audio)
    return opened


def test_it_keeps_the_voice_and_plays_nothing(opened: list[AudioConfig]) -> None:
    done = CliRunner().invoke(cli, ["voice", "calibrate"])
    assert done.exit_code == 0, done.output
    assert calibration.TEXT in done.output
    speaker = profile.load(paths.speaker())
    assert speaker is not None
    assert speaker.frames >= 300
    assert (opened[0].microphone, opened[0].output, opened[0].monitor) == ("default", "none", "none")
    assert str(paths.speaker()) in done.output


def test_a_microphone_is_named(opened: list[AudioConfig]) -> None:
    assert CliRunner().invoke(cli, ["voice", "calibrate", "--microphone", "headset"]).exit_code == 0
    assert opened[0].microphone == "headset"


def test_a_dead_microphone_is_told_before_anybody_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audio, "open_audio", lambda config: Microphone(silence(0.0)))
    monkeypatch.setattr("avatard.cli.voice_calibrate._PATIENCE_S", 0.01)
    done = CliRunner().invoke(cli, ["voice", "calibrate"])
    assert done.exit_code == 17
    assert calibration.TEXT not in done.output
    assert "only 0 s of the microphone" in done.output
