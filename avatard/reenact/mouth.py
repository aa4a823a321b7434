"""The mouth in the picture: the lips' two halves meet or part along a line, and what is inside shows between them."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from avatard.face_mesh import INNER_LIPS, OUTER_LIPS
from avatard.frame import Picture
from avatard.motion import DriverPatch
from avatard.reenact import own_mouth, shifted
from avatard.reenact.compose import Scene
from avatard.reenact.field import Field, Inverse
from avatard.reenact.fill import ONE_MAP, Floats, smoothstep, thrice
from avatard.reenact.interior import Interior
from avatard.reenact.layer import upsampled
from avatard.reenact.likeness import LOWER_LIP, UPPER_LIP, Expression, Likeness, Pose

#: Samples of a lip's curve from corner to corner, between eleven landmarks.
CURVE = 49
#: How softly the two fields meet beside the mouth, eye distances.
SEAM = 0.06


@dataclass(frozen=True, slots=True)
class Lips:
    """upper, lower: edges of the opening, each `CURVE`x2 pixels from the right corner to the left one; equal where the
    lips touch. around: 20x2, the outer ring."""

    upper: Floats
    lower: Floats
    around: Floats


@dataclass(frozen=True, slots=True)
class Aperture:
    """The opening between the lips in the picture, column by column of a region.

    left, top, width, height: the region, pixels. upper, lower: `width` float32, rows of the two edges, upper ≤ lower;
    equal where the lips touch. share: HxW float32, how much of each pixel lies between them.
    """

    left: int
    top: int
    width: int
    height: int
    upper: Floats
    lower: Floats
    share: Floats
    corners: tuple[float, float]

    def opening(self) -> Aperture | None:
        """The part of the region that has any of the opening, or None where the lips touch everywhere."""
        rows, columns = (np.flatnonzero(self.share.any(axis)) for axis in (1, 0))
        if not len(rows):
            return None
        y0, y1, x0, x1 = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
        return Aperture(
            self.left + int(x0), self.top + int(y0), int(x1 - x0), int(y1 - y0),
            self.upper[x0:x1], self.lower[x0:x1], self.share[y0:y1, x0:x1], self.corners,
        )  # fmt: skip


class Mouth:
    """Draws the mouth of one portrait."""

    def __init__(self, scene: Scene, likeness: Likeness, field: Field) -> None:
        self._likeness = likeness
        self._pixels = scene.landmarks
        self._texture = shifted.texture(scene.picture)
        self._eyes = likeness.scale
        self._step, self._box = field.step, field.box
        self._nodes = field.nodes
        self._smooth = _spline(11, CURVE)
        self._interior = Interior(scene, likeness)

    @property
    def teeth(self) -> tuple[float, float, float]:
        """Where the front teeth's middle is on the skull, in the still scene's pixels."""
        return self._interior.teeth

    def lips(self, pose: Pose, expression: Expression) -> Lips:
        """Where the lips are in the picture."""
        ring = [INNER_LIPS[0], *UPPER_LIP, INNER_LIPS[10], *LOWER_LIP]
        at = pose.place(self._pixels[ring]) + pose.spread(expression.moved[ring])
        middle = np.vstack([at[0], (at[1:10] + at[11:20]) / 2, at[10]])
        half = np.zeros((11, 3))
        half[1:10, 1] = expression.gap / 2
        apart = pose.spread(half)
        upper, lower = self._smooth @ (middle - apart), self._smooth @ (middle + apart)
        ring = list(OUTER_LIPS)
        around = pose.place(self._pixels[ring]) + pose.spread(expression.moved[ring])
        return Lips(upper.astype(np.float32), lower.astype(np.float32), around.astype(np.float32))

    def joined(self, inverse: Inverse, lips: Lips) -> Floats:
        """One backward map for the whole layer: the upper field above the lips' line, the lower one below."""
        middle = (lips.upper + lips.lower) / 2
        line = np.interp(self._nodes[0, :, 0], middle[:, 0], middle[:, 1])
        soft = SEAM * self._eyes
        above = smoothstep(line[None] - self._nodes[..., 1], -soft, soft)[..., None]
        return inverse.lower + (inverse.upper - inverse.lower) * above

    def draw(
        self,
        inverse: Inverse,
        lips: Lips,
        pose: Pose,
        expression: Expression,
        patch: DriverPatch | None,
    ) -> tuple[tuple[slice, slice], Picture] | None:
        """Lips and inside: the region that they cover of the warped face, rows and columns, and its pixels. None where
        too little of them is in the picture."""
        aperture = self._aperture(lips)
        if aperture.width < 4 or aperture.height < 4:
            return None
        drawn = self._halves(aperture, inverse)
        opening = aperture.opening()
        if opening is not None and not self._own_smile(expression):
            if patch is not None:
                inside = own_mouth.carried(patch, opening, lips.upper, lips.lower, self._interior.skin)
            else:
                inside = self._interior.draw(opening, pose, expression)
            top, left = opening.top - aperture.top, opening.left - aperture.left
            part = drawn[top : top + opening.height, left : left + opening.width]
            inside -= part
            inside *= thrice(opening.share)
            part += inside
        rows = slice(aperture.top, aperture.top + aperture.height)
        columns = slice(aperture.left, aperture.left + aperture.width)
        np.rint(drawn, out=drawn)
        return (rows, columns), np.clip(drawn, 0, 255, out=drawn).astype(np.uint8)

    def _own_smile(self, expression: Expression) -> bool:
        """Whether the lips are as in the portrait: then its own pixels are between them already."""
        return self._likeness.shows_teeth and bool(np.abs(expression.gap - self._likeness.own_gap).max() < 1e-3)

    def _aperture(self, lips: Lips) -> Aperture:
        upper, lower, around = lips.upper, lips.lower, lips.around
        aside, above = 0.16 * self._eyes, 0.06 * self._eyes
        x0, y0 = max(int(around[:, 0].min() - aside), self._box[0]), max(int(around[:, 1].min() - above), self._box[1])
        x1 = min(int(around[:, 0].max() + aside), self._box[2])
        y1 = min(int(around[:, 1].max() + above), self._box[3])
        x = np.arange(x0, max(x1, x0 + 2), dtype=np.float32)
        top, bottom = _columns(upper, x), _columns(lower, x)
        y = np.arange(y0, max(y1, y0), dtype=np.float32)[:, None]
        # Distances across the edges: steep where the mouth is round. Two touching edges leave exactly nothing.
        below = np.clip((y - top) / np.hypot(1, np.gradient(top)) + 0.5, 0, 1)
        over = np.clip((bottom - y) / np.hypot(1, np.gradient(bottom)) + 0.5, 0, 1)
        share = np.maximum(below + over - 1, 0)
        share[:, bottom - top < 1e-3] = 0
        beyond = (x < upper[0, 0]) | (x > upper[-1, 0])
        share[:, beyond] = 0
        ends = (float(upper[0, 0]), float(upper[-1, 0]))
        return Aperture(x0, y0, len(x), len(y), top, bottom, share.astype(np.float32), ends)

    def _halves(self, aperture: Aperture, inverse: Inverse) -> Floats:
        """The region with the upper lip's half above the line and the lower's below, 0..255."""
        start = (aperture.left - self._box[0], aperture.top - self._box[1])
        size = (aperture.width, aperture.height)
        halves = []
        for backward in (inverse.upper, inverse.lower):
            where = upsampled(backward - np.float32(shifted.SHIFT), self._step, start, size)
            halves.append(
                cv2.remap(self._texture, where, ONE_MAP, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(
                    np.float32
                )
            )
        line = (aperture.upper + aperture.lower) / 2
        x = np.arange(aperture.left, aperture.left + aperture.width, dtype=np.float32)
        outside = np.maximum(aperture.corners[0] - x, x - aperture.corners[1])
        soft = 0.5 + (SEAM * self._eyes - 0.5) * smoothstep(outside, 0, SEAM * self._eyes)
        y = np.arange(aperture.top, aperture.top + aperture.height, dtype=np.float32)[:, None]
        above = smoothstep((line - y) / soft, -1, 1)
        out = halves[1]
        first = halves[0]
        first -= out
        first *= thrice(above)
        out += first
        return out


def _columns(curve: Floats, x: Floats) -> Floats:
    """Row of a curve at each column. Its own x must not turn back: a mouth seen from far aside is flattened."""
    return np.interp(x, np.maximum.accumulate(curve[:, 0]), curve[:, 1]).astype(np.float32)


def _spline(knots: int, samples: int) -> npt.NDArray[np.float64]:
    """samples x knots matrix of the natural cubic spline through equally spaced knots."""
    system, right = np.eye(knots), np.zeros((knots, knots))
    for i in range(1, knots - 1):
        system[i, i - 1 : i + 2] = (1, 4, 1)
        right[i, i - 1 : i + 2] = (6, -12, 6)
    second = np.linalg.solve(system, right)
    t = np.linspace(0, knots - 1, samples)
    i = np.minimum(t.astype(int), knots - 2)
    b = t - i
    a = 1 - b
    eye = np.eye(knots)
    cubic_a, cubic_b = ((a**3 - a) / 6)[:, None], ((b**3 - b) / 6)[:, None]
    return np.asarray(a[:, None] * eye[i] + b[:, None] * eye[i + 1] + cubic_a * second[i] + cubic_b * second[i + 1])
