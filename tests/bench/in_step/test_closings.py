from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avatard.bench.in_step.closings import Closing, find, lates
from avatard.bench.in_step.lips import Lips

MS = 1e6
START = 5e12


def lips(closed_ms: list[tuple[float, float]], late_ms: float = 0.0, fps: float = 30.0, phase_ms: float = 0.0) -> Lips:
    """A mouth that is open but for these times, and takes 55 ms to close and to open: as seen in pictures."""
    seen_ms = np.arange(0, 3000, 1000 / fps) + phase_ms
    gap = np.full(len(seen_ms), 0.3)
    for first, last in closed_ms:
        away = np.maximum(np.maximum(first - (seen_ms - late_ms), (seen_ms - late_ms) - last), 0) / 55
        gap = np.minimum(gap, 0.01 + 0.29 * np.clip(away, 0, 1))
    return Lips(START + seen_ms * MS, gap)


def closing(middle_ms: float) -> Closing:
    return Closing(START + middle_ms * MS, lips=True)


@given(late=st.floats(-80, 80), phase=st.floats(0, 33), length=st.floats(70, 120))
@settings(deadline=None)
def test_how_late_the_sound_is_to_a_few_ms(late: float, phase: float, length: float) -> None:
    seen = list(find(lips([(1000, 1000 + length)], -late, phase_ms=phase), [closing(1000 + length / 2)]))
    assert len(seen) == 1
    assert seen[0].gap < 0.02
    assert lates(seen)[0] == pytest.approx(late, abs=9)


def test_two_in_a_row_have_a_dip_each() -> None:
    shown = lips([(1000, 1080), (1300, 1380)], late_ms=-20)
    assert lates(find(shown, [closing(1040), closing(1340)])) == pytest.approx([20, 20], abs=8)


def test_lips_that_stay_closed_have_no_edge_to_tell_the_time_by() -> None:
    seen = list(find(lips([(1000, 2000)]), [closing(1040)]))
    assert seen[0].gap < 0.02
    assert seen[0].late_ms is None


def test_lips_that_stay_open_are_no_closing() -> None:
    seen = list(find(lips([]), [closing(1040)]))
    assert seen[0].gap > 0.2
    assert seen[0].late_ms is None


def test_pictures_without_a_face_are_left_out() -> None:
    shown = lips([(1000, 1080)])
    blind = Lips(shown.seen_ns, np.where(np.arange(len(shown.gap)) % 4 == 0, np.nan, shown.gap))
    assert blind.found == pytest.approx(0.75, abs=0.01)
    assert len(list(find(blind, [closing(1040)]))) == 1
    assert list(find(Lips(shown.seen_ns, np.full(len(shown.gap), np.nan)), [closing(1040)])) == []
