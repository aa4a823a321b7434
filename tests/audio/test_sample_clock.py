from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avatard.audio.sample_clock import LEAP_NS, PERIOD_NS, SampleClock
from avatard.utterance import RATE

BLOCK = 480
BLOCK_NS = BLOCK * PERIOD_NS
START = 3_000_000_000


def heard(
    clock: SampleClock, blocks: range, ppm: float, jitter_ns: float, seed: int = 0, late_ns: float = 0.0
) -> float:
    """Tell it of these blocks; the largest error of the last second, ns."""
    rng = np.random.default_rng(seed)
    worst = 0.0
    for block in blocks:
        true_ns = START + late_ns + block * BLOCK_NS * (1 + ppm * 1e-6)
        line = clock.tick(block * BLOCK, BLOCK, round(true_ns + rng.uniform(-jitter_ns, jitter_ns)))
        if block >= blocks.stop - 100:
            worst = max(worst, abs(line.time_ns(block * BLOCK) - true_ns))
    return worst


@given(ppm=st.floats(-300, 300), jitter=st.floats(0, 5e6), seed=st.integers(0, 99))
@settings(max_examples=20, deadline=None)
def test_jitter_is_smoothed_and_drift_learnt(ppm: float, jitter: float, seed: int) -> None:
    assert heard(SampleClock(), range(3000), ppm, jitter, seed) < 1e6


def test_the_line_goes_both_ways() -> None:
    clock = SampleClock()
    line = clock.tick(1000, BLOCK, START)
    assert line.time_ns(1000 + RATE) == pytest.approx(START + 1e9)
    assert line.sample(START + 5e8) == pytest.approx(1000 + RATE / 2)


def test_a_leap_is_followed_at_once() -> None:
    clock = SampleClock()
    heard(clock, range(500), 0, 1e6)
    line = clock.tick(500 * BLOCK, BLOCK, round(START + 500 * BLOCK_NS + LEAP_NS + 10e6))
    assert line.time_ns(500 * BLOCK) == pytest.approx(START + 500 * BLOCK_NS + LEAP_NS + 10e6)


def test_a_smaller_shift_is_followed_once_it_stays() -> None:
    clock = SampleClock()
    heard(clock, range(500), 0, 1e6)
    assert heard(clock, range(500, 700), 0, 1e6, late_ns=30e6) < 2e6


def test_one_late_block_moves_nothing() -> None:
    clock = SampleClock()
    heard(clock, range(1000), 0, 0)
    line = clock.tick(1000 * BLOCK, BLOCK, round(START + 1000 * BLOCK_NS + 60e6))
    assert line.time_ns(1000 * BLOCK) == pytest.approx(START + 1000 * BLOCK_NS, abs=0.2e6)
