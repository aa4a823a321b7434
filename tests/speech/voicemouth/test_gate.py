from __future__ import annotations

import numpy as np

from avatard.speech.voicemouth.gate import HANG, Gate, loudness
from avatard.speech.voicemouth.log_mel import log_mel
from avatard.utterance import Pcm
from tests.speech.voicemouth.sounds import noise, silence, vowel


def opened(pcm: Pcm, floor_db: float = np.inf) -> list[bool]:
    gate = Gate(floor_db)
    return [gate(loudness(frame)) for frame in log_mel(pcm)]


def test_a_voice_opens_it_within_two_hops() -> None:
    assert 30 <= opened(np.concatenate([silence(0.3), vowel(0.5)])).index(True) <= 32


def test_a_known_room_lets_the_first_sound_open_it() -> None:
    assert not opened(vowel(0.3))[1]
    assert opened(vowel(0.3), floor_db=-60.0)[1]


def test_it_stays_open_through_the_silence_of_a_stop() -> None:
    assert all(opened(np.concatenate([silence(0.1), vowel(0.3), silence(0.12), vowel(0.3)]))[13:])


def test_it_closes_after_its_hang_over() -> None:
    found = opened(np.concatenate([silence(0.1), vowel(0.5), silence(1.0)]))
    assert not any(found[62 + HANG :])
    assert all(found[15 : 60 + HANG - 3])


def test_silence_and_a_noise_that_was_always_there_leave_it_closed() -> None:
    assert not any(opened(silence(1.0)))
    assert not any(opened(noise(6.0, 0.01)))
    assert not any(opened(noise(6.0, 0.01), floor_db=-42.0))


def test_a_fan_that_is_switched_on_is_soon_part_of_the_room() -> None:
    found = opened(np.concatenate([noise(3.0, 0.0005), noise(9.0, 0.01)]))
    assert any(found[300:])
    assert not any(found[-250:])


def test_a_voice_over_the_noise_is_heard() -> None:
    room = noise(8.0, 0.01)
    room[-24_000:] += vowel(0.5)
    found = opened(room)
    assert all(found[-40:])
    assert not any(found[300:-60])
