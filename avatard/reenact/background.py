"""The portrait's own background, carried on over the whole canvas: never mirrored, never stretched, no seam."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from avatard.reenact.extend import Sheet
from avatard.reenact.fill import Floats, push_pull, smoothstep

#: The background beyond the portrait changes this much more slowly across than it would by itself.
CALM = 4


def extended(sheet: Sheet, eyes: float) -> tuple[Floats, Floats]:
    """The background on the whole canvas: the portrait's own in its middle, ever smoother towards its edges, and
    beyond them its slow colours alone, with its own grain. And these slow colours everywhere."""
    height, width = sheet.matte.shape
    inside = np.zeros((height, width), np.float32)
    inside[sheet.y0 : sheet.y1, sheet.x0 : sheet.x1] = 1
    clean = inside * (cv2.dilate(sheet.matte, np.ones((2 * int(0.12 * eyes) + 3,) * 2, np.uint8)) < 0.02)
    if clean.mean() < 0.002:  # the person fills the portrait: its border's colours are all there is
        clean = inside * (sheet.matte < 0.5) + 1e-3 * inside
    full = push_pull(sheet.person, clean)
    slow = _slow(sheet, clean, eyes)
    slow += _grain(sheet.person, clean, (height, width))
    ramp = 0.13 * (sheet.x1 - sheet.x0)
    x, y = np.arange(width, dtype=np.float32)[None], np.arange(height, dtype=np.float32)[:, None]
    # An edge of the portrait at or beyond the canvas's own needs no ramp.
    keep = np.ones((height, width), np.float32)
    for reaches, distance in (
        (sheet.x0 > 0, x - sheet.x0),
        (sheet.x1 < width, sheet.x1 - 1 - x),
        (sheet.y0 > 0, y - sheet.y0),
        (sheet.y1 < height, sheet.y1 - 1 - y),
    ):
        if reaches:
            keep = keep * smoothstep(distance, 0.02 * ramp, ramp)
    return np.asarray(slow + (full - slow) * keep[..., None], np.float32), slow


def _slow(sheet: Sheet, clean: Floats, eyes: float) -> Floats:
    """The background's slow colours, going on beyond the portrait without a change of pace at its edges.

    What a studio's backdrop is, a wash of light, is fitted and goes on as such. Of the rest, the canvas outside the
    portrait is squeezed by `CALM` while the gaps are filled, so that colours at the edges reach far out instead of
    falling back to the mean within a hand's breadth.
    """
    height, width = clean.shape
    wash = _wash(sheet, clean, eyes)
    x, back_x = _squeeze(width, sheet.x0, sheet.x1)
    y, back_y = _squeeze(height, sheet.y0, sheet.y1)
    known = np.ascontiguousarray(clean[np.ix_(y, x)])
    levels = max(3, int(np.log2(max(eyes, 16) / 5)))
    small = push_pull(np.ascontiguousarray((sheet.person - wash)[np.ix_(y, x)]), known, finest=levels)
    small = np.asarray(cv2.GaussianBlur(small, (0, 0), max(eyes / 8, 2)), np.float32)
    map_x, map_y = np.meshgrid(back_x, back_y)
    return np.asarray(wash + cv2.remap(small, map_x, map_y, cv2.INTER_LINEAR))


def _wash(sheet: Sheet, clean: Floats, eyes: float) -> Floats:
    """The background as a quadratic in the portrait's own coordinates, which level off beyond its edges."""
    height, width = clean.shape
    u, v = _levelled(width, sheet.x0, sheet.x1)[None], _levelled(height, sheet.y0, sheet.y1)[:, None]
    terms = np.stack([np.broadcast_to(t, clean.shape) for t in (np.ones_like(u), u, v, u * u, v * v, u * v)], -1)
    # Every fourth pixel is enough to fit eighteen numbers.
    seen = np.flatnonzero(clean[::4, ::4] > 0.5)
    sample = terms[::4, ::4].reshape(-1, 6)[seen]
    colours = sheet.person[::4, ::4].reshape(-1, 3)[seen]
    weights = np.linalg.solve(
        sample.T @ sample + 1e-2 * len(sample) * np.diag([0, 1, 1, 1, 1, 1]) + 1e-6 * np.eye(6), sample.T @ colours
    )
    low, high = np.percentile(colours, [4, 96], axis=0)
    coarse = np.clip(terms[4::8, 4::8] @ weights, low, high).astype(np.float32)
    # Where the clip begins there must be no ring.
    soft = cv2.GaussianBlur(coarse, (0, 0), max(0.05 * eyes, 1.0))
    return np.asarray(cv2.resize(soft, (width, height), interpolation=cv2.INTER_CUBIC))


def _levelled(size: int, low: int, high: int) -> Floats:
    """-1..1 from low to high, and beyond on towards ±1.7 ever more slowly."""
    x = (np.arange(size, dtype=np.float32) - (low + high) / 2) / max((high - low) / 2, 1)
    beyond = np.maximum(np.abs(x) - 1, 0)
    return np.asarray(np.clip(x, -1, 1) + np.sign(x) * 0.7 * (1 - np.exp(-beyond / 0.7)), np.float32)


def _squeeze(size: int, low: int, high: int) -> tuple[npt.NDArray[np.intp], Floats]:
    """Indices that take every `CALM`-th place outside low..high, and for each place its index among those."""
    before, after = np.arange(0, low, CALM), np.arange(high, size, CALM)
    kept = np.concatenate([before, np.arange(low, high), after])
    back = np.interp(np.arange(size), kept, np.arange(len(kept)))
    return kept, back.astype(np.float32)


def _grain(person: Floats, clean: Floats, shape: tuple[int, int]) -> Floats:
    """Noise as strong as the background's own, at most 2.5 grey levels; seeded, so that composing repeats exactly."""
    fine = person.mean(2) - cv2.GaussianBlur(person.mean(2), (0, 0), 1.2)
    known = fine[clean > 0.5]
    spread = min(1.48 * float(np.median(np.abs(known))), 2.5) if known.size else 0.5
    noise = np.random.default_rng(7).standard_normal(shape, np.float32)
    return np.asarray((noise - cv2.GaussianBlur(noise, (0, 0), 1.2)) * spread, np.float32)[..., None]
