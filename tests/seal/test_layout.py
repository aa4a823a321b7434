from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatard.errors import ConfigError
from avatard.seal.layout import Layout

EVEN = st.integers(32, 2000).map(lambda half: 2 * half)


@given(width=EVEN, height=EVEN.filter(lambda height: height >= 48))
def test_rows_are_even_in_order_and_inside(width: int, height: int) -> None:
    layout = Layout.of(width, height)
    rows = (layout.top, layout.bottom, layout.opening_bottom)
    assert all(row % 2 == 0 for row in (*rows, layout.cap, layout.pad, layout.opening_cap))
    assert 0 < layout.top < layout.bottom < layout.opening_bottom <= height
    assert layout.bottom - layout.top == layout.cap + 2 * layout.pad
    assert layout.cap >= 0.05 * min(width, height)
    assert layout == Layout.of(width, height)


def test_720_lines_are_as_the_badge_was_tried() -> None:
    layout = Layout.of(1280, 720)
    assert (layout.top, layout.cap, layout.bottom) == (24, 36, 88)


@pytest.mark.parametrize("size", [(0, 0), (62, 48), (64, 46), (65, 48), (64, 49), (-64, 48)])
def test_what_cannot_be_is_refused_with_a_size_that_can(size: tuple[int, int]) -> None:
    with pytest.raises(ConfigError) as e:
        Layout.of(*size)
    assert "1280x720" in e.value.hint
