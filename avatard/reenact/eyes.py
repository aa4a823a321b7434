"""Eyes as layers: skin of the lids, lashes that go with the lid's edge, and the eyeball behind, whose iris slides.

Everything is drawn in the still portrait's own pixels, before the head is turned: the eye's small region of the layer
is replaced, and the warp takes it along. So a lid never stretches the eye's picture, and gaze never moves a lid.
The layer is a texture of `shifted.py`. Lashes and iris are not: where both overshoot, dark lashes get black specks.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from avatard.face_mesh import LEFT_EYE, LEFT_IRIS, RIGHT_EYE, RIGHT_IRIS
from avatard.reenact import shifted
from avatard.reenact.compose import Scene
from avatard.reenact.fill import Floats, between, push_pull, smoothstep, thrice
from avatard.reenact.likeness import Expression, Eye, Likeness

#: Around the lid's edge, in eye distances: what is lash and liner rather than skin, above the edge and below it.
LASH_ABOVE, LASH_BELOW = 0.045, 0.022
#: Changes too small to see are left to the portrait's own pixels: they blend in up to this opening and gaze.
OPENING_SEEN, GAZE_SEEN = 0.10, 0.012


class Eyes:
    """Both eyes of one portrait."""

    def __init__(self, scene: Scene, likeness: Likeness, layer: npt.NDArray[np.uint8]) -> None:
        """layer: what `draw` is given, not drawn on yet."""
        self._eyes = tuple(
            _EyeLayers(scene, likeness, layer, ring, iris)
            for ring, iris in ((RIGHT_EYE, RIGHT_IRIS), (LEFT_EYE, LEFT_IRIS))
        )

    def draw(self, layer: npt.NDArray[np.uint8], expression: Expression) -> None:
        """Redraw both eyes' regions in the layer's colours."""
        for eye, state in zip(self._eyes, expression.eyes, strict=True):
            eye.draw(layer, state)


class _EyeLayers:
    """One eye, taken apart. Curves are rows at each column of the region."""

    def __init__(
        self,
        scene: Scene,
        likeness: Likeness,
        layer: npt.NDArray[np.uint8],
        ring: tuple[int, ...],
        iris: tuple[int, ...],
    ) -> None:
        self._unit = likeness.scale
        points = scene.landmarks[:, :2].astype(np.float64)
        self._rows, self._columns = _region(points[list(ring)], self._unit, scene.picture.shape[:2])
        origin = np.array([self._columns.start, self._rows.start])
        local = points - origin
        self._still = scene.picture[self._rows, self._columns].astype(np.float32)
        self._rest = layer[self._rows, self._columns, :3].copy()
        height, width = self._still.shape[:2]
        self._y = np.arange(height, dtype=np.float32)[:, None]
        self._x = np.arange(width, dtype=np.float32)[None]
        x = np.arange(width, dtype=np.float32)
        upper, lower = local[list(ring[:9])], local[[ring[0], *ring[:7:-1]]]
        self._upper, self._lower = _curve(upper, x), _curve(lower, x)
        ends = sorted((float(local[ring[0], 0]), float(local[ring[8], 0])))
        self._beyond = (x <= ends[0]) | (x >= ends[1])
        self._lower = np.where(self._beyond, self._upper, np.maximum(self._lower, self._upper))
        self._axes = (likeness.rotation[:2, :2] * likeness.scale).astype(np.float32)
        self._centre = local[iris[0]].astype(np.float32)
        self._radius = float(np.linalg.norm(local[list(iris[1:])] - local[iris[0]], axis=1).mean())
        self._skin = self._without_eye()
        self._lash = np.clip(self._still.mean(2) / np.maximum(self._skin.mean(2), 8.0), 0.12, 1.1)
        self._upper_lash, self._lower_lash = self._lash_bands()
        self._ball = self._sclera()
        self._iris = self._whole_iris()
        # Only the region around the eye that lids and lashes reach is ever replaced.
        border = np.minimum(np.minimum(self._x, width - 1 - self._x), np.minimum(self._y, height - 1 - self._y))
        self._feather = thrice(smoothstep(border, 0, 0.04 * self._unit))

    def _without_eye(self) -> Floats:
        """The skin as if the eye were closed: smooth between the skin above the lashes and that below."""
        unit = self._unit
        x = self._x[0]
        inner = np.clip(np.minimum(x - x[~self._beyond].min(), x[~self._beyond].max() - x) / (0.06 * unit), 0, 1)
        above, below = LASH_ABOVE * unit * (0.5 + 0.5 * inner), LASH_BELOW * unit * (0.5 + 0.5 * inner)
        wide = np.interp(x, x[~self._beyond], self._upper[~self._beyond]) if (~self._beyond).any() else self._upper
        known = (self._y < wide - above) | (self._y > np.maximum(self._lower, wide) + below)
        aside = 0.035 * unit
        far = (x < x[~self._beyond].min() - aside) | (x > x[~self._beyond].max() + aside)
        known |= far[None]
        filled = push_pull(self._still, known.astype(np.float32))
        soft = cv2.GaussianBlur(filled, (0, 0), max(0.012 * unit, 0.8))
        hole = cv2.GaussianBlur(1 - known.astype(np.float32), (0, 0), max(0.006 * unit, 0.6))[..., None]
        return np.asarray(self._still + (soft - self._still) * np.clip(hole, 0, 1), np.float32)

    def _lash_bands(self) -> tuple[Floats, Floats]:
        """Darkness of lashes and liner relative to the skin, with the eye's opening itself left out (1)."""
        unit = self._unit
        over, under = self._upper - self._y, self._y - self._lower
        upper = 1 + (self._lash - 1) * (over > 0.4)
        lower = 1 + (self._lash - 1) * (under > 0.2)
        # Under the edge the band goes on with the edge's own darkness, for the antialiased seam.
        upper = _hold(upper, self._upper - 1.2, self._y, downward=True)
        lower = _hold(lower, self._lower + 0.8, self._y, downward=False)
        upper = 1 + (upper - 1) * (1 - smoothstep(over, 0.8 * LASH_ABOVE * unit, 1.3 * LASH_ABOVE * unit))
        lower = 1 + (lower - 1) * (1 - smoothstep(under, 0.8 * LASH_BELOW * unit, 1.5 * LASH_BELOW * unit))
        return upper.astype(np.float32), lower.astype(np.float32)

    def _sclera(self) -> Floats:
        """The eyeball without its iris, going on under the lids."""
        away = np.hypot(self._x - self._centre[0], self._y - self._centre[1])
        edge = 0.014 * self._unit
        inside = (self._y > self._upper + edge) & (self._y < self._lower - 0.6 * edge) & ~self._beyond[None]
        known = inside & (away > 1.15 * self._radius)
        seen = self._still[known] if known.sum() > 12 else self._still.reshape(-1, 3)
        bright = seen[seen.mean(1) >= np.percentile(seen.mean(1), 60)].mean(0)
        # Drawn eyes may show no white at all; then it is what skin in this light makes likely.
        skin = np.median(self._skin.reshape(-1, 3), axis=0)
        bright *= max(1.0, 0.72 * float(skin.mean()) / float(bright.mean()))
        # Under lid and iris the white goes on: the corners' red and the lashes' shadow do not spread there.
        # Nothing darker than that white is taken for it.
        trust = known * smoothstep(self._still.mean(2) / bright.mean(), 0.7, 0.95)
        filled = push_pull(np.where(trust[..., None] > 0, self._still, bright), np.maximum(trust, 0.02))
        soft = cv2.GaussianBlur(filled, (0, 0), max(0.01 * self._unit, 0.7))
        ends = self._x[0, ~self._beyond]
        aside = (self._x - ends.mean()) / max(float(np.ptp(ends)) / 2, 1.0)
        soft *= (1 - 0.28 * np.clip(np.abs(aside), 0, 1) ** 2.5)[..., None]
        return np.asarray(soft + (self._still - soft) * _soft(known, 0.006 * self._unit), np.float32)

    def _whole_iris(self) -> Floats:
        """Premultiplied BGRA of the whole iris disc: what the lids hide is filled from the same distance around."""
        away = np.hypot(self._x - self._centre[0], self._y - self._centre[1])
        edge = 0.016 * self._unit
        seen = (self._y > self._upper + edge) & (self._y < self._lower - 0.6 * edge) & (away < 1.05 * self._radius)
        size = (max(int(3 * self._radius), 8), 64)
        centre = (float(self._centre[0]), float(self._centre[1]))
        flags = cv2.WARP_POLAR_LINEAR | cv2.INTER_LINEAR | cv2.WARP_FILL_OUTLIERS
        reach = 1.3 * self._radius
        polar = cv2.warpPolar(self._still, size, centre, reach, flags)
        known = cv2.warpPolar(seen.astype(np.float32), size, centre, reach, flags)
        # Rings: a hidden angle takes the mean of the seen ones at its distance, the nearest ones first.
        tripled, mask = np.vstack([polar] * 3), np.vstack([known] * 3)
        weight = cv2.GaussianBlur(mask, (1, 0), sigmaX=0.1, sigmaY=7)[..., None]
        near = cv2.GaussianBlur(tripled * mask[..., None], (1, 0), sigmaX=0.1, sigmaY=7) / np.maximum(weight, 1e-4)
        ring = (polar * known[..., None]).sum(0) / np.maximum(known.sum(0), 1e-3)[:, None]
        have = np.clip(known.sum(0) / 4, 0, 1)[:, None]
        inner = ring[np.flatnonzero(have[:, 0] > 0.5)[:1]] if (have > 0.5).any() else ring.mean(0, keepdims=True)
        ring = ring * have + inner * (1 - have)
        third = slice(64, 128)
        trust = np.clip(weight[third] * 3, 0, 1)
        whole = ring[None] + (near[third] - ring[None]) * trust
        whole = polar * known[..., None] + whole * (1 - known[..., None])
        flat = cv2.warpPolar(
            whole.astype(np.float32), self._still.shape[1::-1], centre, reach, flags | cv2.WARP_INVERSE_MAP
        )
        flat = np.where((seen & (away < self._radius))[..., None], self._still, flat)
        disc = 1 - smoothstep(away, 0.97 * self._radius - 1.4, 0.97 * self._radius + 0.5)
        return np.dstack([flat * disc[..., None], disc]).astype(np.float32)

    def draw(self, layer: npt.NDArray[np.uint8], state: Eye) -> None:
        """Put the eye in `state` into the layer's colours."""
        target = layer[self._rows, self._columns, :3]
        gaze = self._axes @ np.array(state.gaze, np.float32)
        reach = float(np.hypot(*state.gaze))
        changed = max(abs(state.opening - 1) / OPENING_SEEN, abs(state.lower) / OPENING_SEEN, reach / GAZE_SEEN)
        seen = float(smoothstep(np.array(changed), 0.0, 1.0))
        if seen == 0.0:
            target[:] = self._rest
            return
        drawn = self._drawn(state, gaze)
        drawn -= self._still
        drawn *= self._feather * np.float32(seen)
        drawn = shifted.filtered(drawn)
        drawn += self._rest
        np.rint(drawn, out=drawn)
        target[:] = np.clip(drawn, 0, 255, out=drawn)

    def _drawn(self, state: Eye, gaze: Floats) -> Floats:
        opening = self._lower - self._upper
        lower = self._lower - state.lower * opening
        upper = lower - state.opening * opening
        closed = 1 - min(state.opening, 1.0)
        above = np.clip((upper + lower) / 2 - self._y + 0.5, 0, 1)
        lash = self._moved(self._lower_lash, lower - self._lower)
        lash += (self._moved(self._upper_lash, upper - self._upper) - lash) * above
        line = np.exp(-np.square((self._y - upper) * np.float32(1 / (0.012 * self._unit))))
        lash *= 1 - np.float32(0.3 * closed**2) * line * ~self._beyond
        share = between(upper, lower, self._y)
        lash *= 1 - share
        out = thrice(lash)
        out *= self._skin
        if state.opening > 0:
            matrix = np.array([[1, 0, gaze[0]], [0, 1, gaze[1]]], np.float32)
            iris = cv2.warpAffine(self._iris, matrix, self._still.shape[1::-1], flags=cv2.INTER_LINEAR)
            ball = thrice(1 - iris[..., 3])
            ball *= self._ball
            ball += iris[..., :3]
            # The lid's shadow goes with the lid.
            under = np.maximum(self._y - upper, 0) * np.float32(1 / (0.022 * self._unit))
            over = np.maximum(lower - self._y, 0) * np.float32(1 / (0.013 * self._unit))
            rim = 0.5 * np.exp(-np.square(under)) + 0.28 * np.exp(-np.square(over))
            ball *= thrice(share * (1 - rim))
            out += ball
        return np.asarray(out)

    def _moved(self, band: Floats, shift: Floats) -> Floats:
        """The band with each column moved down by `shift`."""
        columns = np.broadcast_to(self._x, self._still.shape[:2])
        rows = self._y - shift[None].astype(np.float32)
        return np.asarray(
            cv2.remap(band, np.ascontiguousarray(columns), rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        )


def _region(ring: npt.NDArray[np.float64], unit: float, shape: tuple[int, int]) -> tuple[slice, slice]:
    x0, y0 = ring.min(0) - np.array([0.07, 0.11]) * unit
    x1, y1 = ring.max(0) + np.array([0.07, 0.09]) * unit
    return (
        slice(max(int(y0), 0), min(int(y1) + 1, shape[0])),
        slice(max(int(x0), 0), min(int(x1) + 1, shape[1])),
    )


def _soft(mask: npt.NDArray[np.bool_], sigma: float) -> Floats:
    """A mask's inside with a soft border, HxWx1."""
    blurred = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), max(sigma, 0.6))
    return np.asarray(np.clip(2 * blurred - 1, 0, 1)[..., None], np.float32)


def _curve(points: npt.NDArray[np.float64], x: Floats) -> Floats:
    """Row of a lid's edge at each column: a polynomial of degree 5 through nine landmarks, straight beyond them."""
    order = np.argsort(points[:, 0])
    px, py = points[order, 0], points[order, 1]
    middle, half = (px[0] + px[-1]) / 2, max((px[-1] - px[0]) / 2, 1.0)
    weights = np.ones(len(px))
    weights[[0, -1]] = 4
    fit = np.polyfit((px - middle) / half, py, 5, w=weights)
    return np.polyval(fit, (np.clip(x, px[0], px[-1]) - middle) / half).astype(np.float32)


def _hold(band: Floats, edge: Floats, y: Floats, downward: bool) -> Floats:
    """The band with the value at `edge` (a row for each column) repeated beyond it."""
    rows = np.minimum(y, edge) if downward else np.maximum(y, edge)
    columns = np.broadcast_to(np.arange(band.shape[1], dtype=np.float32)[None], band.shape[:2])
    rows = np.broadcast_to(rows, band.shape[:2]).astype(np.float32)
    return np.asarray(cv2.remap(band, np.ascontiguousarray(columns), rows, cv2.INTER_LINEAR))
