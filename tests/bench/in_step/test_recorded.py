from __future__ import annotations

import numpy as np
import pytest

from avatard.bench.in_step.recorded import Recorded
from avatard.utterance import RATE, Pcm

BLOCK = 480
rng = np.random.default_rng(3)


def speech(seconds: float) -> Pcm:
    """Noise as low as speech is, below about 2 kHz, that comes and goes."""
    n = round(seconds * RATE)
    noise = np.convolve(rng.normal(0, 20000, n), np.hanning(48) / 24, "same")
    pcm: Pcm = (noise * (0.6 + 0.4 * np.sin(np.arange(n) / 3000))).astype(np.int16)
    return pcm


def recorded(pcm: Pcm, jitter_ns: float = 3e6, ppm: float = 0.0) -> Recorded:
    first = np.arange(0, len(pcm), BLOCK)
    at = 7e9 + first * (1e9 / RATE) * (1 + ppm * 1e-6) + rng.uniform(-jitter_ns, jitter_ns, len(first))
    return Recorded(pcm, np.stack([first, at], 1).astype(np.int64))


def test_a_sound_is_found_where_it_was_heard() -> None:
    sound = speech(1.0)
    pcm = np.concatenate([np.zeros(3 * RATE, np.int16), sound, np.zeros(RATE, np.int16)])
    found = recorded(pcm).find(sound, 7e9, 14e9)
    assert found is not None
    assert found.heard_ns == pytest.approx(10e9, abs=0.5e6)
    assert found.alike == pytest.approx(1, abs=1e-3)


def test_it_is_found_beside_other_sound_softer_and_a_little_stretched() -> None:
    sound = speech(1.0)
    heard = np.interp(np.arange(0, len(sound) - 1, 1.0002), np.arange(len(sound)), sound) * 0.3
    pcm = np.concatenate([np.zeros(4 * RATE), heard, np.zeros(RATE)]) + 0.2 * speech(6.0)[: 5 * RATE + len(heard)]
    found = recorded(pcm.astype(np.int16)).find(sound, 7e9, 14e9)
    assert found is not None
    assert found.heard_ns == pytest.approx(11e9, abs=0.7e6)


def test_what_is_not_there_is_not_found() -> None:
    assert recorded(speech(4.0)).find(speech(1.0), 7e9, 14e9) is None
    assert recorded(np.zeros(4 * RATE, np.int16)).find(speech(1.0), 7e9, 14e9) is None


def test_only_what_begins_in_the_time_asked_for() -> None:
    sound = speech(0.5)
    pcm = np.concatenate([np.zeros(2 * RATE, np.int16), sound, np.zeros(2 * RATE, np.int16)])
    assert recorded(pcm).find(sound, 7e9, 8.5e9) is None
    assert recorded(pcm).find(sound, 8.5e9, 9.5e9) is not None


def test_a_clock_that_drifts_is_learnt() -> None:
    sound = speech(0.5)
    pcm = np.concatenate([np.zeros(20 * RATE, np.int16), sound, np.zeros(RATE, np.int16)])
    found = recorded(pcm, ppm=200).find(sound, 25e9, 29e9)
    assert found is not None
    assert found.heard_ns == pytest.approx(7e9 + 20e9 * 1.0002, abs=1e6)
