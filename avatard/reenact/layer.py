"""The person as a moving layer over the still background."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from avatard.frame import Picture
from avatard.reenact import shifted
from avatard.reenact.compose import Scene
from avatard.reenact.field import Field
from avatard.reenact.fill import ONE_MAP, Floats

#: The layer is drawn in this many horizontal bands, each as wide as the person is there: a head over wide shoulders
#: fills little more than half of their common rectangle.
BANDS = 8


class Layer:
    """Holds the person's pixels (which the eyes may redraw) and draws them warped.

    Colours are premultiplied in such a way that they and the plate's share add up to the picture exactly where
    nothing moves: the person's share is what the plate's rounded share leaves.
    """

    def __init__(self, scene: Scene, field: Field) -> None:
        left, top, right, bottom = field.box
        self._step, self._left, self._top = field.step, left, top
        self._plate = scene.plate
        behind = 255 - scene.alpha
        share = cv2.multiply(scene.picture, cv2.cvtColor(behind, cv2.COLOR_GRAY2BGR), scale=1 / 255)
        share[behind == 255] = scene.picture[behind == 255]
        #: HxWx4: premultiplied colour, and how much of the plate shows through, as a texture to be sampled shifted.
        self.pixels = shifted.texture(np.dstack([scene.picture - share, behind]))
        #: HxWx3 with the scene's margin: what has been drawn. What lies on top of the skin is drawn here.
        self.canvas: Picture = scene.picture.copy()
        # A node whose source is this near to the layer may have some of it in its cell.
        near = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (4 * self._step + 1,) * 2)
        self._near = cv2.dilate(scene.alpha, near)
        edges = np.linspace(top, bottom, BANDS + 1).round().astype(int)
        self._bands = [_Band(a, b, right - left) for a, b in pairwise(edges.tolist())]

    def drawing(self, backward: Floats) -> list[Callable[[], None]]:
        """Jobs that warp by the grid map `backward` (pixels of the picture, at the field's nodes) and lay over the
        plate: none touches another's pixels, each may run on any thread."""
        present = cv2.remap(self._near, backward, ONE_MAP, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REPLICATE)
        backward = backward - np.float32(shifted.SHIFT)
        return [partial(self._draw_band, band, backward, present) for band in self._bands]

    def _draw_band(self, band: _Band, backward: Floats, present: NDArray[np.generic]) -> None:
        first = (band.top - self._top) // self._step
        last = (band.bottom - self._top) // self._step + 3
        columns = np.flatnonzero(present[first:last].any(0))
        span = (0, 0)
        if len(columns):
            # Node j covers from one cell before its pixel to one after.
            span = (max((int(columns[0]) - 2) * self._step, 0), min(int(columns[-1] + 1) * self._step, band.width))
        for start, end in band.left_over(span):
            region = (slice(band.top, band.bottom), slice(self._left + start, self._left + end))
            self.canvas[region] = self._plate[region]
        if span[1] > span[0]:
            self._warp(band, backward, span)

    def _warp(self, band: _Band, backward: Floats, span: tuple[int, int]) -> None:
        start, end = span
        size = (end - start, band.bottom - band.top)
        where = upsampled(backward, self._step, (start, band.top - self._top), size)
        fixed, fraction = cv2.convertMaps(where, ONE_MAP, cv2.CV_16SC2)
        warped = cv2.remap(self.pixels, fixed, fraction, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        region = (slice(band.top, band.bottom), slice(self._left + start, self._left + end))
        behind = cv2.cvtColor(cv2.extractChannel(warped, 3), cv2.COLOR_GRAY2BGR)
        cv2.multiply(self._plate[region], behind, dst=behind, scale=1 / 255)
        self.canvas[region] = cv2.add(behind, cv2.cvtColor(warped, cv2.COLOR_BGRA2BGR))


class _Band:
    """Rows top..bottom of the picture, and the columns (from the box's left) where the person last was there."""

    def __init__(self, top: int, bottom: int, width: int) -> None:
        self.top, self.bottom, self.width = top, bottom, width
        self._last = (0, width)

    def left_over(self, span: tuple[int, int]) -> list[tuple[int, int]]:
        """Columns that the person has left now that it is in `span`."""
        (start, end), self._last = self._last, span
        parts = [(start, min(end, span[0])), (max(start, span[1]), end)] if span[1] > span[0] else [(start, end)]
        return [(a, b) for a, b in parts if b > a]


def upsampled(grid: Floats, step: int, start: tuple[int, int], size: tuple[int, int]) -> Floats:
    """The grid's values at each pixel of a region; `start` is its left and top from the corner of the field's box."""
    (x, y), (width, height) = start, size
    # cv2.resize puts a node in the middle of its step x step cell, and the grid begins one cell before the box.
    j0, i0 = x // step, y // step
    part = grid[i0 : (y + height) // step + 3, j0 : (x + width) // step + 3]
    whole = cv2.resize(part, (part.shape[1] * step, part.shape[0] * step), interpolation=cv2.INTER_LINEAR)
    dx, dy = x + step - j0 * step, y + step - i0 * step
    return np.asarray(whole[dy : dy + height, dx : dx + width])
