import numpy as np
import pytest

from avatard.motion import UNIT
from avatard.speech.lips.emotion import EMOTIONS


def test_neutral_is_nothing() -> None:
    neutral = EMOTIONS["neutral"]
    assert not neutral.units.any()
    assert not neutral.rotation.any()
    assert neutral.lively == 1


@pytest.mark.parametrize("name", EMOTIONS.keys() - {"neutral"})
def test_an_emotion_is_to_be_seen_above_the_mouth_and_small(name: str) -> None:
    emotion = EMOTIONS[name]
    face = [unit for unit, index in UNIT.items() if emotion.units[index] > 0.1]
    assert any(unit.startswith(("brow", "eye", "cheek")) for unit in face)
    assert emotion.units.min() >= 0
    assert emotion.units.max() <= 0.7
    assert np.degrees(np.abs(emotion.rotation)).max() <= 3
    assert emotion.units[UNIT["jawOpen"]] < 0.1  # a jaw belongs to the sounds


def test_no_two_are_alike() -> None:
    made = list(EMOTIONS.values())
    for index, one in enumerate(made):
        for other in made[:index]:
            assert np.abs(one.units - other.units).max() > 0.1
