from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatard.metronome import BEAT_S, BEATS, BEEP, LENGTH_S, Metronome
from avatard.utterance import RATE

START = 5_000_000_000
S = 1_000_000_000


def test_flash_and_beep_are_at_the_same_instants() -> None:
    metronome = Metronome(START)
    sound = metronome.sound(START, round(LENGTH_S * RATE))
    loud = np.abs(sound.astype(int)).reshape(-1, 48).max(1) > 0  # each ms
    lit = [metronome.lit(START + block * 1_000_000 + 500_000) for block in range(len(loud))]
    assert lit == loud.tolist()
    assert sum(lit) == pytest.approx(len(BEATS) * BEAT_S * 1000)


@given(at=st.integers(-RATE, round(LENGTH_S * RATE)), samples=st.integers(0, 2000))
def test_sound_in_blocks_is_the_same_sound(at: int, samples: int) -> None:
    whole = Metronome(START).sound(START - 2 * S, round((LENGTH_S + 4) * RATE))
    block = Metronome(START).sound(START + round(at * S / RATE), samples)
    assert np.array_equal(block, whole[at + 2 * RATE : at + 2 * RATE + samples])


def test_it_ends() -> None:
    metronome = Metronome(START)
    assert not metronome.goes(START - 1)
    assert metronome.goes(START)
    assert not metronome.goes(START + round(LENGTH_S * S))
    assert not metronome.lit(START + round(LENGTH_S * S))


def test_never_two_flashes_within_a_second() -> None:
    assert min(np.diff(BEATS)) > 1.0
    assert BEATS[-1] + BEAT_S < LENGTH_S
    assert len({round(float(pause), 2) for pause in np.diff(BEATS)}) > 4


def test_the_beep_begins_and_ends_without_a_click() -> None:
    assert abs(int(BEEP[0])) < 50
    assert abs(int(BEEP[-1])) < 50
    assert np.abs(BEEP.astype(int)).max() == 12_000
