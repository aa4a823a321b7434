from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from avatard.seal.overlay import BRIGHTEST, Overlay
from avatard.seal.planes import Planes

COVERAGE = arrays(np.float32, (4, 6), elements=st.floats(0, 1, width=32))


@settings(max_examples=200, deadline=None)
@given(plate=COVERAGE, text=COVERAGE, behind=arrays(np.uint8, (24, 16), elements=st.integers(0, BRIGHTEST)))
def test_what_is_drawn_is_the_blend_and_intact(plate: np.ndarray, text: np.ndarray, behind: np.ndarray) -> None:
    overlay = Overlay(2, 4, plate, text)
    drawn = behind.copy()
    overlay.draw(drawn)
    assert overlay.intact(drawn)
    before = behind[4:8, 2:8].astype(float)
    expected = (before * (1 - plate) + 16 * plate) * (1 - text) + 235 * text
    assert np.abs(drawn[4:8, 2:8] - expected).max() <= 1.6  # 1/256 steps of what is kept, then rounding
    outside = np.ones((24, 16), bool)
    outside[4:8, 2:8] = False
    assert (drawn[:16] == behind[:16])[outside[:16]].all()


@pytest.mark.parametrize("grey", [0, 1, 16, 127, 128, 200, 235, 240])
def test_nothing_covered_changes_nothing(grey: int) -> None:
    nothing = np.zeros((4, 6), np.float32)
    buffer = np.full((24, 16), grey, np.uint8)
    Overlay(0, 0, nothing, nothing).draw(buffer)
    assert (buffer == grey).all()


def test_chroma_follows_at_half_size() -> None:
    buffer = np.full((24, 16), 200, np.uint8)
    Overlay(2, 4, np.ones((4, 6), np.float32), np.zeros((4, 6), np.float32)).draw(buffer)
    luma, blue, red = Planes.of(buffer)
    assert (luma[4:8, 2:8] == 16).all()
    for chroma in (blue, red):
        assert (chroma[2:4, 1:4] == 128).all()
        assert (chroma == 128).sum() == 6


def test_odd_places_are_bugs() -> None:
    field = np.zeros((4, 6), np.float32)
    with pytest.raises(AssertionError):
        Overlay(1, 0, field, field)
    with pytest.raises(AssertionError):
        Overlay(0, 0, field[:3], field[:3])
