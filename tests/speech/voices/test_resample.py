from __future__ import annotations

import numpy as np
import pytest

from avatard.speech.voices.resample import at_rate
from avatard.utterance import RATE, Pcm


def tone(rate: int, seconds: float = 1.0) -> Pcm:
    sound: Pcm = np.rint(10_000 * np.sin(2 * np.pi * 440 * np.arange(int(rate * seconds)) / rate)).astype(np.int16)
    return sound


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 24_000, 44_100, 23_152])
def test_sound_is_as_long_and_at_the_same_time(rate: int) -> None:
    impulse = np.zeros(rate, np.int16)
    impulse[rate // 2] = 20_000

    out = at_rate(impulse, rate)

    assert out.dtype == np.int16
    assert abs(len(out) - RATE) <= 1
    assert abs(int(np.argmax(np.abs(out))) - RATE // 2) <= RATE / rate  # within one of its samples
    middle = slice(RATE // 4, RATE // 2)
    error = at_rate(tone(rate), rate)[middle].astype(float) - tone(RATE)[middle]
    assert np.sqrt(np.mean(error**2)) < 30


def test_what_needs_nothing_is_as_it_was() -> None:
    sound = tone(RATE)
    assert at_rate(sound, RATE) is sound
    assert len(at_rate(np.zeros(0, np.int16), 16_000)) == 0


def test_a_single_sample() -> None:
    assert len(at_rate(np.ones(1, np.int16), 22_050)) == 2
