from __future__ import annotations

import numpy as np
import pytest

from avatard.bench.in_step.recorded import Recorded
from avatard.bench.in_step.server import sound_server
from avatard.errors import AudioError
from avatard.utterance import RATE
from benchmarks.speaking import LOUD, first_sounds, measure
from tests.audio.sound_servers import needs_pulseaudio

S = 10**9


def recorded(loud_from_s: float) -> Recorded:
    """Two seconds, of which the first sample was heard at 10 s, loud from an instant on."""
    pcm = np.zeros(2 * RATE, np.int16)
    pcm[round(loud_from_s * RATE) :] = 2 * LOUD
    starts = np.arange(0, 2 * RATE, RATE // 100)
    return Recorded(pcm, np.stack([starts, 10 * S + starts * S // RATE], 1))


def test_the_first_sound_is_the_first_loud_sample_after_enter() -> None:
    (taken,) = first_sounds(recorded(0.8), [(10 * S + S // 2, 12 * S)])
    assert taken == pytest.approx(0.3 * S, abs=S // 1000)


def test_a_sentence_that_is_not_heard_is_no_figure() -> None:
    with pytest.raises(AudioError, match="was not heard"):
        first_sounds(recorded(1.5), [(10 * S, 11 * S)])


@pytest.mark.audio
@pytest.mark.slow
@needs_pulseaudio
def test_espeak_is_measured() -> None:
    with sound_server():
        found = measure("en-us", ["Yes.", "Hello everyone."], rests=1)
    assert found["first_sound_ms"]["n"] == 2
    assert found["after_rest_ms"]["n"] == 1
    assert found["first_sound_ms"]["p50"] > 0
    assert found["age_silent_ms"]["n"] > 100
    assert found["age_speaking_ms"]["n"] > 10
