"""Colours of buttons, and whether one can be read on the other."""

from __future__ import annotations

import re
from typing import Final, TypeAlias

Rgb: TypeAlias = tuple[int, int, int]
"""Red, green, blue, 0..255, as of sRGB."""

WHITE: Final = (255, 255, 255)
BLACK: Final = (0, 0, 0)
_NUMBER: Final = r"\s*(\d{1,3}(?:\.\d{1,9})?|\.\d{1,9})(%?)\s*"
_RGB: Final = re.compile(rf"rgba?\({_NUMBER},{_NUMBER},{_NUMBER}(?:,{_NUMBER})?\)\Z", re.IGNORECASE)
_HEX: Final = re.compile(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})\Z", re.IGNORECASE)


def parse(text: str | None) -> Rgb | None:
    """The colour that `rgb(…)`, `rgba(…)`, `#rgb`, `#rrggbb` or CSS's name is, laid on white where it is see-through;
    None for what is none."""
    text = (text or "").strip()
    if match := _RGB.match(text):
        *rgb, alpha = match.group(1, 3, 5, 7)
        percents = match.group(2, 4, 6)
        scaled = [float(n) * (2.55 if percent else 1) for n, percent in zip(rgb, percents, strict=True)]
        opacity = 1.0 if alpha is None else float(alpha) / (100 if match[8] else 1)
        return _on_white(scaled, opacity)
    if _HEX.match(text):
        digits = text[1:] if len(text) > 5 else "".join(2 * c for c in text[1:])
        red, green, blue, *rest = bytes.fromhex(digits)
        return _on_white([red, green, blue], rest[0] / 255 if rest else 1.0)
    from PIL import ImageColor

    return WHITE if text.lower() == "transparent" else _named(ImageColor.colormap.get(text.lower()))


def contrast(one: Rgb, other: Rgb) -> float:
    """1..21, as WCAG 2.2 has it: text needs 4.5. https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def ink(background: Rgb) -> Rgb:
    """Black or white, whichever is read better on that colour: the format leaves the colour of text to programs. One
    of the two always has a contrast of 4.58 or more."""
    return max(BLACK, WHITE, key=lambda colour: contrast(colour, background))


def _named(found: str | tuple[int, int, int] | None) -> Rgb | None:
    return parse(found) if isinstance(found, str) else found


def _on_white(rgb: list[float] | list[int], opacity: float) -> Rgb:
    opacity = min(opacity, 1.0)
    red, green, blue = (round(min(value, 255) * opacity + 255 * (1 - opacity)) for value in rgb)
    return red, green, blue


def _luminance(rgb: Rgb) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (value / 255 for value in rgb)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
