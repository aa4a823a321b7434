"""Teeth and tongue, painted once: no photograph, no network, the same bytes each time.

Units are millimetres in the plane of the front teeth: x to the picture's right from the middle, y down. Widths and
heights of the teeth are adult means (Wheeler's Dental Anatomy); premolars are seen foreshortened along the arch.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np

from avatard.reenact.fill import Floats, smoothstep

#: Resolution of the paintings, pixels per millimetre: 2.4 times what a 720p head needs.
DENSITY = 6
#: Half the width of every painting, millimetres.
HALF = 34.0

#: Width and height of the teeth from the middle outwards, millimetres.
UPPER = ((8.6, 10.4), (6.7, 9.0), (7.6, 9.8), (7.1, 8.4), (6.8, 7.6), (9.0, 7.0))
LOWER = ((5.3, 8.6), (5.9, 9.0), (6.8, 9.8), (7.0, 8.2), (7.1, 7.6), (10.0, 7.0))
#: Half-axes of the dental arches, millimetres: across, and front to back.
UPPER_ARCH, LOWER_ARCH = (30.0, 42.0), (26.0, 38.0)

IVORY = np.array([0.88, 0.95, 1.0], np.float32)
GUM = np.array([0.47, 0.47, 0.78], np.float32)
TONGUE = np.array([0.46, 0.45, 0.76], np.float32)


@dataclass(frozen=True, slots=True)
class Painting:
    """colour: HxWx3 float32 BGR, 1 is white in the portrait's light. alpha: HxW float32. Pixel (0, 0) is at
    (`left`, `top`) millimetres."""

    colour: Floats
    alpha: Floats
    left: float
    top: float


def _grid(top: float, bottom: float) -> tuple[Floats, Floats]:
    x = np.arange(-HALF, HALF, 1 / DENSITY, dtype=np.float32)
    y = np.arange(top, bottom, 1 / DENSITY, dtype=np.float32)
    gx, gy = np.meshgrid(x, y)
    return gx, gy


def _row(
    sizes: tuple[tuple[float, float], ...], arch: tuple[float, float], top: float, bottom: float, upward: bool
) -> Painting:
    """A row of teeth whose cutting edges lie at y = 0; the gum is above (`upward`) or below."""
    x, y = _grid(top, bottom)
    toward_gum = -y if upward else y
    colour = np.empty((*x.shape, 3), np.float32)
    colour[:] = IVORY * 0.5
    cover, gum, between = np.zeros_like(x), np.zeros_like(x), np.zeros_like(x)
    edge, random = 0.0, np.random.default_rng(11)
    for index, (width, height) in enumerate(sizes):
        # Positions along the arch → angle → the picture; further back is narrower, and darker.
        inner, outer = (arch[0] * np.sin(min(s / arch[0], 1.45)) for s in (edge, edge + width))
        edge += width
        facing = float(np.cos(min((edge - width / 2) / arch[0], 1.4)))
        for side in (-1.0, 1.0):
            middle, half = side * (inner + outer) / 2, (outer - inner) / 2
            u = (x - middle) / half
            lift = 0.55 * (index == 1) + 0.25 * (index > 2) * (index - 2) + float(random.uniform(-0.1, 0.1))
            v = (toward_gum - lift) / height
            # A squarish crown: corners of the cutting edge rounded, narrower at the gum.
            crown = np.abs(u) ** 3.4 * (1 + 0.25 * np.clip(v, 0, 1)) + np.abs(np.clip(1 - 2 * v, -9, 1)) ** 5 * (
                v < 0.5
            )
            crown = crown + np.clip((v - 0.86) / 0.14, 0, None) ** 2
            soft = 0.10
            mask = 1 - smoothstep(crown, 1 - soft, 1 + soft)
            mask *= v > -0.05
            round_off = 1 - 0.22 * np.abs(u) ** 2.5
            to_gum = np.clip(v, 0, 1)
            tone = IVORY * (1 - 0.06 * to_gum[..., None] * np.array([1.8, 1.0, 0.5], np.float32))
            tone = tone * (1 + 0.03 * (1 - smoothstep(v, 0.0, 0.18))[..., None] * np.array([1.5, 0.3, -1], np.float32))
            light = (0.30 + 0.70 * facing**1.3) * round_off
            gloss = 0.05 * np.exp(-(((u + 0.25) / 0.25) ** 2) - ((v - 0.45) / 0.25) ** 2) * facing
            tooth = tone * light[..., None] + gloss[..., None]
            colour += (tooth - colour) * mask[..., None]
            cover = np.maximum(cover, mask)
            # Teeth touch: between two crowns it is dim, not open.
            body = smoothstep(v, 0.10, 0.2) * (v < 0.9) * (np.abs(u) < 1.12)
            dim = body * (0.2 + 0.34 * facing**1.3)
            between = np.maximum(between, dim)
            gum = np.maximum(gum, (np.abs(u) < 1.08) * (v > 0.7) * (0.25 + 0.75 * facing))
    gum = np.asarray(cv2.GaussianBlur(gum, (0, 0), 3), np.float32)
    behind = np.maximum(np.maximum(cover, gum), between > 0)
    shaded = GUM * gum[..., None] * (0.75 + 0.2 * np.exp(-(((toward_gum - 11) / 3) ** 2)))[..., None]
    shaded = np.maximum(shaded, IVORY * np.array([0.8, 0.9, 1.0], np.float32) * between[..., None])
    colour = shaded + (colour - shaded) * cover[..., None]
    return Painting(colour.astype(np.float32), np.clip(behind, 0, 1).astype(np.float32), -HALF, top)


@cache
def upper() -> Painting:
    """The upper teeth, cutting edges at y = 0, gum above."""
    return _row(UPPER, UPPER_ARCH, -17.0, 3.0, upward=True)


@cache
def lower() -> Painting:
    """The lower teeth, cutting edges at y = 0, gum below."""
    return _row(LOWER, LOWER_ARCH, -3.0, 17.0, upward=False)


@cache
def tongue() -> Painting:
    """The tongue at rest behind the lower teeth: its tip's upper edge at y = 0."""
    x, y = _grid(-4.0, 26.0)
    across = np.clip(np.abs(x) / 21.0, 0, 1)
    edge = 6.5 * across**2.6 + 0.7 * np.exp(-((x / 2.2) ** 2))
    alpha = smoothstep(y - edge, -0.7, 0.7) * (1 - smoothstep(across, 0.92, 1.0))
    deep = np.clip((y - edge) / 9.0, 0, 1)
    light = (0.62 + 0.38 * np.sin(deep * np.pi * 0.62 + 0.35)) * (1 - 0.35 * across**2)
    light *= 1 - 0.13 * np.exp(-((x / 1.6) ** 2))
    random = np.random.default_rng(5)
    fine = cv2.GaussianBlur(random.standard_normal(x.shape, np.float32), (0, 0), 1.6)
    light += 0.025 * fine / fine.std()
    return Painting((TONGUE * light[..., None]).astype(np.float32), alpha.astype(np.float32), -HALF, -4.0)
