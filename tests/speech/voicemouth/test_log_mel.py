from __future__ import annotations

import numpy as np
import pytest

from avatard.speech.voicemouth.log_mel import BANDS, DECIBELS, HOP, LEAST, LogMel, bands, log_mel
from avatard.utterance import RATE
from tests.speech.voicemouth.sounds import noise, silence, vowel


def sine(hertz: float, loud: float = 0.5) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    return np.asarray(np.sin(2 * np.pi * hertz * np.arange(RATE // 5) / RATE) * loud * 32767, np.int16)


def test_hop_by_hop_gives_what_the_whole_sound_gives() -> None:
    pcm = np.concatenate([vowel(0.3), noise(0.2)])
    live = LogMel()
    hops = np.concatenate([live(pcm[at : at + HOP]) for at in range(0, len(pcm) - HOP + 1, HOP)])
    assert np.allclose(hops, log_mel(pcm), atol=1e-5)


def test_silence_is_the_least_there_is() -> None:
    assert np.allclose(log_mel(silence(0.1)), np.log(LEAST))


@pytest.mark.parametrize("hertz", [200, 440, 1000, 2500, 6000])
def test_a_sine_is_loudest_in_its_own_band(hertz: float) -> None:
    frame = log_mel(sine(hertz))[10]
    centre = bands()[round(hertz / RATE * 1536)].argmax()
    assert abs(int(frame.argmax()) - int(centre)) <= 1


def test_what_lies_above_the_bands_is_not_folded_into_them() -> None:
    assert log_mel(sine(11_000))[5:-5].max() < np.log(0.25) - 60 / DECIBELS


def test_every_band_hears_something() -> None:
    assert bands().shape[1] == BANDS
    assert (bands().sum(0) > 0).all()


def test_ten_times_as_loud_is_twenty_decibels_more() -> None:
    quiet, loud = log_mel(sine(1000, 0.05))[10], log_mel(sine(1000, 0.5))[10]
    assert (loud.max() - quiet.max()) * DECIBELS == pytest.approx(20, abs=0.2)
