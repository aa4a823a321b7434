import numpy as np
import pytest

from avatard.motion import UNIT
from avatard.speech.lips.recording import WIDEST, Recording
from avatard.speech.lips.shapes import SHAPES
from avatard.speech.lips.visemes import Viseme
from avatard.utterance import RATE, Clause

WIDE = WIDEST * SHAPES[Viseme.AA].units[UNIT["jawOpen"]]


def hum(*parts: tuple[float, float], noise: float = 5) -> Clause:
    """Stretches of (seconds, loudness of 32767), in a room with some noise."""
    loud = np.concatenate([np.full(round(seconds * RATE), level) for seconds, level in parts])
    sound = loud * np.sin(2 * np.pi * 150 * np.arange(len(loud)) / RATE)
    return Clause((sound + np.random.default_rng(1).normal(0, noise, len(loud))).astype(np.int16))


def jaw(recording: Recording, t_s: float) -> float:
    return float(recording.at(t_s).units[UNIT["jawOpen"]])


@pytest.mark.parametrize("gain", [0.1, 1.0, 3.0])
def test_the_mouth_opens_as_the_sound_is_loud_however_it_was_recorded(gain: float) -> None:
    recording = Recording(hum((0.5, 0), (0.5, 9000 * gain), (0.5, 0), (0.4, 2500 * gain), (0.5, 0), noise=30 * gain))
    assert jaw(recording, 0.75) > 0.8 * WIDE
    assert 0.05 * WIDE < jaw(recording, 1.7) < 0.7 * WIDE
    assert max(jaw(recording, t) for t in (0.2, 1.25, 2.2)) < 0.05 * WIDE
    assert recording.first_s == pytest.approx(0.5, abs=0.12)
    assert recording.last_s == pytest.approx(1.9, abs=0.12)


@pytest.mark.parametrize("clause", [Clause(np.zeros(0, np.int16)), hum((1, 0)), hum((1, 9000)), hum((0.01, 9000))])
def test_silence_and_a_hum_move_nothing(clause: Clause) -> None:
    recording = Recording(clause)
    assert max(jaw(recording, t) for t in np.arange(-0.5, 2, 0.05)) < 0.06
    assert recording.first_s <= recording.last_s


def test_it_moves_smoothly() -> None:
    recording = Recording(hum((0.2, 0), (0.2, 9000), (0.1, 0), (0.3, 9000), (0.2, 0)))
    jaws = [jaw(recording, t) for t in np.arange(0, 1, 0.002)]
    assert np.abs(np.diff(jaws)).max() < 0.03
