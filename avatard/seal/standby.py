"""The standby picture: a calm still card that says why there is no avatar right now."""

from __future__ import annotations

import enum

import cv2
import numpy as np
import numpy.typing as npt

from avatard.seal.badge import Badge
from avatard.seal.mark import Mark
from avatard.seal.masks import Coverage, Masks, Text, covered
from avatard.seal.overlay import Overlay
from avatard.seal.shapes import centred
from avatard.sealed import I420, VideoFormat


class StandbyReason(enum.Enum):
    """Why the standby picture is shown. The order is that of the cards' sheet: new ones go to its end."""

    STARTING = "starting"
    ENGINE = "engine"  #: it raised and is being reopened
    BADGE = "badge"  #: the self-check did not find it
    AVATAR = "avatar"  #: no portrait
    CONSENT = "consent"  #: missing, expired or revoked
    HANG = "hang"  #: the last picture is older than 0.5 s
    PAUSED = "paused"
    STOPPING = "stopping"
    ASLEEP = "asleep"  #: nobody reads the sinks, and the camera is closed


# BGR: slate, darker below; not darker than this, as the mark shows on flat black.
TOP, BOTTOM = (122, 104, 92), (86, 70, 60)
FIGURE = (190, 174, 162)
SOFT = 0.85  # of white, for the line under the title


class Cards:
    """Draws all cards of one language and size, with badge and mark. One thread."""

    def __init__(self, masks: Masks, format: VideoFormat) -> None:  # noqa: A002
        self._height = format.height
        self._badge = Badge(masks, format)
        self._empty = _empty_card(format)
        self._texts = {
            reason: (_line(title, 0.05, 0.72, format), _line(line, 0.03, 0.82, format, SOFT))
            for reason, (title, line) in zip(StandbyReason, masks.cards, strict=True)
        }

    def draw(self, mark: Mark) -> dict[StandbyReason, I420]:
        """A finished picture for each reason, in buffers of their own (1.4 MB each at 720p)."""
        return {reason: self._card(texts, mark) for reason, texts in self._texts.items()}

    def _card(self, texts: tuple[Overlay, ...], mark: Mark) -> I420:
        card: I420 = self._empty.copy()
        for text in texts:
            text.draw(card)
        mark.embed(card[: self._height])
        self._badge.draw(card)
        return card


def _line(text: Text, cap: float, middle: float, format: VideoFormat, strength: float = 1.0) -> Overlay:  # noqa: A002
    """`text` across the picture's middle: capitals `cap` of the shorter side, at `middle` of the height."""
    width, height = format.width, format.height
    pixels = max(6, 2 * round(cap * min(width, height) / 2))
    ink = text.within(pixels, int(0.9 * width))
    rows = ink.shape[0]
    top = min(2 * round((middle * height - rows / 2) / 2), height - rows)
    return Overlay(0, top, np.zeros((rows, width), np.float32), centred(ink * np.float32(strength), width, rows))


def _empty_card(format: VideoFormat) -> I420:  # noqa: A002
    """The card without words: a gradient, and a head and shoulders inside a disc, everybody's and nobody's."""
    width, height = format.width, format.height
    fade = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    card = np.repeat(_colour(TOP) * (1 - fade) + _colour(BOTTOM) * fade, width, axis=1)
    figure = centred(_figure(0.17 * min(width, height)), width, height, round(0.44 * height))
    card += figure[:, :, None] * (_colour(FIGURE) - card)
    return np.asarray(cv2.cvtColor(np.rint(card).astype(np.uint8), cv2.COLOR_BGR2YUV_I420), np.uint8)


def _colour(bgr: tuple[int, int, int]) -> npt.NDArray[np.float32]:
    return np.array(bgr, np.float32)


def _figure(radius: float) -> Coverage:
    """The disc, faint, and the figure in it; square, `radius` in pixels."""
    fine = 4
    side, r = 2 * round(1.1 * radius), round(radius * fine)
    middle = side * fine // 2
    disc = np.zeros((side * fine, side * fine), np.uint8)
    cv2.circle(disc, (middle, middle), r, (255,), -1)
    person = np.zeros_like(disc)
    cv2.circle(person, (middle, middle - r * 2 // 9), r * 3 // 9, (255,), -1)
    cv2.ellipse(person, (middle, middle + r * 7 // 8), (r * 2 // 3, r * 4 // 7), 0, 0, 360, (255,), -1)
    shade = np.where(disc > 0, np.maximum(person, 60), 0).astype(np.uint8)
    return covered(cv2.resize(shade, (side, side), interpolation=cv2.INTER_AREA))
