import numpy as np
import pytest

from avatard.speech.lips.loudness import FLOOR, HOP_S, loudness
from avatard.utterance import RATE


def test_decibels_at_each_hop() -> None:
    t = np.arange(RATE) / RATE
    pcm = (np.where(t < 0.5, 1000, 10_000) * np.sin(2 * np.pi * 400 * t)).astype(np.int16)
    levels = loudness(pcm)
    assert len(levels) == round(1 / HOP_S)
    assert levels[20] == pytest.approx(20 * np.log10(1000 / np.sqrt(2)), abs=0.2)
    assert levels[150] - levels[50] == pytest.approx(20, abs=0.2)
    assert levels[99] < levels[100]  # the change is told where it is


def test_silence_is_the_floor_and_nothing_is_nothing() -> None:
    assert loudness(np.zeros(4800, np.int16)) == pytest.approx(20 * np.log10(FLOOR))
    assert len(loudness(np.zeros(0, np.int16))) == len(loudness(np.zeros(100, np.int16))) == 0


def test_the_loudest_does_not_overflow() -> None:
    assert np.isfinite(loudness(np.full(4800, -32768, np.int16))).all()
