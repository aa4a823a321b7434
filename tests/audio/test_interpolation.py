from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from avatard.audio.interpolation import BEFORE, TAPS, interpolate
from avatard.utterance import RATE


@pytest.mark.parametrize(("hz", "within"), [(100, 2e-4), (1000, 5e-4), (5000, 2e-3), (12000, 5e-3)])
@pytest.mark.parametrize("step", [1.0, 0.995, 1.005, 1.0002])
def test_a_sine_is_what_it_would_be_there(hz: float, within: float, step: float) -> None:
    def sine(at: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.asarray(np.sin(2 * np.pi * hz * at / RATE))

    segment = sine(np.arange(600, dtype=np.float64)).astype(np.float32)
    start = BEFORE + 3.37
    found = interpolate(segment, start, step, 480)
    assert np.abs(found - sine(start + step * np.arange(480, dtype=np.float64))).max() < within


def test_on_a_sample_it_is_that_sample() -> None:
    segment = np.random.default_rng(1).normal(size=200).astype(np.float32)
    assert np.array_equal(interpolate(segment, BEFORE, 1.0, 200 - TAPS), segment[BEFORE : BEFORE + 200 - TAPS])


def test_a_constant_stays_one() -> None:
    found = interpolate(np.full(300, 7.0, np.float32), 20.123, 1.003, 200)
    assert np.abs(found - 7).max() < 1e-5
