from __future__ import annotations

import numpy as np
import pytest

from avatard.errors import AudioError
from avatard.speech.voicemouth.calibration import QUIET_S, SPEECH_S, Calibration
from avatard.speech.voicemouth.gate import loudness
from avatard.speech.voicemouth.log_mel import HOP
from avatard.utterance import Pcm
from tests.speech.voicemouth.sounds import noise, silence, vowel


def calibrated(pcm: Pcm) -> Calibration:
    calibration = Calibration()
    for at in range(0, len(pcm) - HOP + 1, HOP):
        calibration.hear(pcm[at : at + HOP], at)
    return calibration


def session(loud: float = 0.1, room: float = 0.001) -> Pcm:
    """A quiet room, then syllables of a voice with pauses."""
    spoken = np.concatenate([np.concatenate([vowel(0.4, loud), silence(0.1)]) for _ in range(int(SPEECH_S * 2))])
    pcm = np.concatenate([silence(QUIET_S), spoken]).astype(np.int32)
    return (pcm + noise(len(pcm) / 48_000, room)).clip(-32768, 32767).astype(np.int16)


def test_a_voice_and_its_room_are_learned() -> None:
    calibration = calibrated(session())
    assert calibration.seconds == pytest.approx(QUIET_S + SPEECH_S)
    speaker = calibration.speaker()
    assert speaker.frames >= 300
    assert -65 < speaker.floor_db < -55
    assert loudness(speaker.mean) > speaker.floor_db + 20


def test_twice_as_loud_is_six_decibels_more() -> None:
    quiet, loud = calibrated(session(0.05)).speaker(), calibrated(session(0.1)).speaker()
    assert loudness(loud.mean) - loudness(quiet.mean) == pytest.approx(6, abs=1)


@pytest.mark.parametrize(
    ("pcm", "told"),
    [
        (silence(2.0), "only 2 s"),
        (silence(20.0), "nobody was heard"),
        (noise(20.0, 0.01), "nobody was heard"),
        (session(room=0.03), "quieter than your voice"),
        (np.concatenate([silence(QUIET_S), np.tile(vowel(0.4, 12.0), 40)]), "overdriven"),
    ],
)
def test_what_teaches_nothing_is_said_with_what_to_do(pcm: Pcm, told: str) -> None:
    with pytest.raises(AudioError, match=told) as failed:
        calibrated(pcm).speaker()
    assert failed.value.hint


def test_what_is_no_hop_is_left_out() -> None:
    calibration = calibrated(silence(1.0))
    calibration.hear(np.zeros((HOP, 2), np.int16), 0)
    calibration.hear(np.zeros(7, np.int16), 0)
    assert calibration.seconds == 1
