from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatard.speech.boards.colour import BLACK, WHITE, contrast, ink, parse

COLOURS = st.tuples(*[st.integers(0, 255)] * 3)


@pytest.mark.parametrize(
    ("text", "colour"),
    [
        ("rgb(1, 20, 255)", (1, 20, 255)),
        (" RGB(1,20,255) ", (1, 20, 255)),
        ("rgb(100%, 0%, 50%)", (255, 0, 127)),
        ("rgb(900, 0, 0)", (255, 0, 0)),
        ("rgba(0, 0, 0, 1)", BLACK),
        ("rgba(0, 0, 0, 0.5)", (128, 128, 128)),
        ("rgba(0, 0, 0, .2)", (204, 204, 204)),
        ("rgba(255, 0, 0, 50%)", (255, 128, 128)),
        ("rgba(0, 0, 0, 7)", BLACK),
        ("#fff", WHITE),
        ("#0AF", (0, 170, 255)),
        ("#0af8", (119, 210, 255)),
        ("#0a0b0c", (10, 11, 12)),
        ("#00000000", WHITE),
        ("white", WHITE),
        ("RebeccaPurple", (102, 51, 153)),
        ("transparent", WHITE),
        (None, None),
        ("", None),
        ("#12", None),
        ("rgb(1, 2)", None),
        ("rgb(-1, 2, 3)", None),
        ("url(x)", None),
        ("no colour", None),
    ],
)
def test_colours_as_files_write_them(text: str | None, colour: tuple[int, int, int] | None) -> None:
    assert parse(text) == colour


@given(st.text(max_size=30) | st.from_regex(r"(rgba?\(|#)[0-9a-f, .%]{0,20}\)?", fullmatch=True))
def test_any_text_is_a_colour_or_none(text: str) -> None:
    colour = parse(text)
    assert colour is None or all(0 <= part <= 255 for part in colour)


def test_contrast_is_as_wcag_has_it() -> None:
    assert contrast(BLACK, WHITE) == contrast(WHITE, BLACK) == 21
    assert contrast(WHITE, WHITE) == 1
    assert contrast((118, 118, 118), WHITE) == pytest.approx(4.54, abs=0.01)  # the greyest that passes on white


@given(COLOURS)
def test_ink_can_be_read_on_any_colour(background: tuple[int, int, int]) -> None:
    assert contrast(ink(background), background) >= 4.5
