from __future__ import annotations

import numpy as np
import pytest

from benchmarks.voice_mouth import CLIPS, LAGS, cost, curve, judge
from tests.speech.voicemouth.sounds import noise


def test_a_curve_that_is_late_is_best_at_its_lag() -> None:
    at = np.arange(75) / 25
    times = np.arange(-20, 320) / 100
    late = np.sin(9 * (times - 0.06))
    found = curve(np.sin(9 * at), at, times, late)
    assert LAGS[found.argmax()] == pytest.approx(0.06)
    assert found.max() > 0.999


def test_pictures_without_a_face_do_not_count() -> None:
    at = np.arange(75) / 25
    real = np.sin(9 * at)
    real[10:20] = np.nan
    assert curve(real, at, at, np.sin(9 * at))[LAGS == 0][0] == pytest.approx(1)


def test_what_a_hop_costs_is_measured() -> None:
    found = cost(noise(0.3))
    assert found["hop"]["n"] == 300
    assert found["hop"]["cpu_ms"] > 0
    assert found["at"]["wall_p99_ms"] >= found["at"]["wall_p50_ms"] > 0


@pytest.mark.shared
@pytest.mark.skipif(not CLIPS.is_dir(), reason="../shared/data/clips is absent")
def test_a_real_speakers_mouth_is_followed_better_than_by_loudness() -> None:
    found = judge(CLIPS / "sbwe5n.mpg")
    assert found["opening"] > 0.65
    assert found["opening"] > found["energy"] + 0.1
    assert abs(found["lag_ms"]) <= 60
