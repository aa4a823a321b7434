"""The visible badge: "AI GENERATED", top centre, on every picture that leaves, and the row that opens a showing.

Top centre because centred crops (1:1, 9:16, thumbnails) keep it, while name tags, menus and rounded corners take the
corners. Capitals are 5 % of the shorter side (China's GB 45438-2025); the plate covers 82 %, so that white on it has
a contrast of 13:1 over any picture. Never mirrored: calls mirror only what the sender sees of himself.
"""

from __future__ import annotations

import numpy as np

from avatard.seal.layout import Layout
from avatard.seal.masks import Coverage, Masks
from avatard.seal.overlay import Overlay
from avatard.seal.shapes import centred, rounded
from avatard.sealed import I420, VideoFormat

PLATE = 0.82


class Badge:
    """Draws the badge and finds it again. One thread."""

    def __init__(self, masks: Masks, format: VideoFormat) -> None:  # noqa: A002
        layout = Layout.of(format.width, format.height)
        ink = masks.badge.at(layout.cap)
        if _plate_width(ink, layout) > layout.widest:
            ink = masks.letters.at(layout.cap)
        width, height = _plate_width(ink, layout), layout.bottom - layout.top
        plate = rounded(width, height, height // 4) * np.float32(PLATE)
        self._overlay = Overlay((format.width - width) // 4 * 2, layout.top, plate, centred(ink, width, height))

    @property
    def box(self) -> tuple[int, int, int, int]:
        """x, y, width and height of the plate in pixels, all even."""
        overlay = self._overlay
        return overlay.x, overlay.y, overlay.width, overlay.height

    def draw(self, i420: I420) -> None:
        """Draw it: the last thing that touches the buffer."""
        self._overlay.draw(i420)

    def intact(self, i420: I420) -> bool:
        """Whether the delivered bytes show the badge, whole."""
        return self._overlay.intact(i420)


def _plate_width(ink: Coverage, layout: Layout) -> int:
    return (int(ink.shape[1]) + 2 * layout.pad + 1) // 2 * 2


def opening_row(masks: Masks, format: VideoFormat) -> Overlay:  # noqa: A002
    """The full-width strip at the top, which says in words what the badge (drawn over it) says in short."""
    layout = Layout.of(format.width, format.height)
    ink = masks.opening.within(layout.opening_cap, int(0.94 * format.width))
    shape = layout.opening_bottom, format.width
    middle = layout.opening_bottom - layout.pad - layout.opening_cap // 2
    return Overlay(0, 0, np.full(shape, PLATE, np.float32), centred(ink, shape[1], shape[0], middle))
