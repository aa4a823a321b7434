"""The drawn inside of the mouth: upper teeth fixed to the skull, lower teeth and tongue to the jaw, dark behind.

Painted teeth (`teeth.py`) take on the portrait's light. A portrait that shows its own teeth lends them: its pixels
between the lips stay on the skull, and the painting goes on where they end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt

from avatard.face_mesh import CHEEKS, INNER_LIPS, LEFT_EYE, RIGHT_EYE
from avatard.reenact import teeth
from avatard.reenact.compose import Scene
from avatard.reenact.fill import Floats, smoothstep, thrice
from avatard.reenact.likeness import LOWER_LIP, UPPER_LIP, Expression, Likeness, Pose

if TYPE_CHECKING:
    from avatard.reenact.mouth import Aperture

#: Eye distance in millimetres, outer corner to outer corner.
EYES_MM = 90.0
#: Mouth width of the canonical head, which the paintings fit, eye distances.
MOUTH_WIDTH = 0.538
#: Where the cutting edges lie below the closed lips' line at rest, millimetres (upper, lower), and behind the lips.
UPPER_EDGE, LOWER_EDGE, BEHIND = 3.4, 4.2, 7.0
#: Colour of the cavity, share of the light, BGR.
CAVITY = np.array([0.085, 0.08, 0.19], np.float32)
#: Shadow in the mouth is red: light that reaches its depth has met lips and gums. Exponents on the shade, BGR.
RED = np.array([1.22, 1.2, 0.88], np.float32)
#: Share of the way that the tongue's back follows the jaw down.
TONGUE_FOLLOWS = 0.86
#: Where the raised tongue's tip lies below the closed lips' line: at the edge of the upper teeth.
TONGUE_UP = 2.8


@dataclass(frozen=True, slots=True)
class _Sprite:
    """Premultiplied BGRA float32 in the portrait's light, `density` pixels a millimetre."""

    pixels: Floats
    left: float
    top: float
    density: float


class Interior:
    """Draws the inside of one portrait's mouth."""

    def __init__(self, scene: Scene, likeness: Likeness) -> None:
        self._likeness = likeness
        self.skin = _cheeks(scene)
        light = _light(scene, self.skin)
        if likeness.shows_teeth:
            light = _teeth_light(scene, light)
        lips = likeness.points[[*UPPER_LIP, *LOWER_LIP]]
        self._centre = np.append(lips[:, :2].mean(0), lips[:, 2].max() + BEHIND / EYES_MM).astype(np.float64)
        if not likeness.shows_teeth:
            self._centre[1] = likeness.points[[13, 14], 1].mean()
        width = float(np.linalg.norm(likeness.points[291] - likeness.points[61]))
        self._mm = np.clip(width / MOUTH_WIDTH, 0.8, 1.2) / EYES_MM
        density = 1.5 * likeness.scale * self._mm
        self._upper, self._lower, self._tongue = (
            _sprite(painting, light, density) for painting in (teeth.upper(), teeth.lower(), teeth.tongue())
        )
        self._cavity = CAVITY * light
        self._own = _OwnTeeth(scene, likeness) if likeness.shows_teeth else None

    @property
    def teeth(self) -> tuple[float, float, float]:
        """Where the upper front teeth's middle is on the skull, in the still scene's pixels."""
        likeness = self._likeness
        x, y, z = likeness.origin + likeness.scale * likeness.rotation @ self._centre
        return float(x), float(y), float(z)

    def draw(self, aperture: Aperture, pose: Pose, expression: Expression) -> Floats:
        """HxWx3 float32, 0..255: what lies behind the lips in the aperture's region."""
        jaw = expression.jaw.astype(np.float64)
        out = np.empty((aperture.height, aperture.width, 3), np.float32)
        out[:] = self._cavity
        # The tongue lies a little behind the lower teeth and rises less than the jaw falls. Raised, it is the skull's.
        up, between = expression.tongue
        tongue = (1 - up) * jaw * np.array([1, TONGUE_FOLLOWS, 1]), LOWER_EDGE - 3.0 + up * (TONGUE_UP - LOWER_EDGE + 3)
        for sprite, (moved, down), share in (
            (self._tongue, tongue, 1.0),
            (self._lower, (jaw, LOWER_EDGE), 1.0),
            (self._upper, (np.zeros(3), UPPER_EDGE), 1.0),
            (self._tongue, tongue, between),  # in front of the teeth
        ):
            if share <= 0:
                continue
            layer = self._placed(sprite, moved, down, aperture, pose)
            layer *= np.float32(share)
            out *= thrice(1 - layer[..., 3])
            out += layer[..., :3]
        shade = self._shade(aperture)
        out *= cv2.merge([shade**exponent for exponent in RED])
        if self._own is not None:
            self._own.draw(out, aperture, pose)
        return out

    def _placed(
        self,
        sprite: _Sprite,
        moved: npt.NDArray[np.float64],
        down: float,
        aperture: Aperture,
        pose: Pose,
    ) -> Floats:
        """The sprite in the region: an affine of the head's pose."""
        corner = self._centre + moved + np.array([sprite.left, sprite.top + down, 0.0]) * self._mm
        likeness = self._likeness
        pixel = likeness.origin + likeness.scale * likeness.rotation @ corner
        at = pose.place(pixel[None])[0] - (aperture.left, aperture.top)
        axes = pose.spread(np.eye(3)[:2]).T * (self._mm / sprite.density)
        matrix = np.column_stack([axes, at])
        size = (aperture.width, aperture.height)
        return np.asarray(cv2.warpAffine(sprite.pixels, matrix, size, flags=cv2.INTER_LINEAR))

    def _shade(self, aperture: Aperture) -> Floats:
        """The lips' shadow: deep under the upper lip and into the corners, less above the lower lip."""
        unit = self._likeness.scale * self._mm
        y = np.arange(aperture.top, aperture.top + aperture.height, dtype=np.float32)[:, None]
        under = (y - aperture.upper[None]) / unit
        over = (aperture.lower[None] - y) / unit
        shade = 0.58 + 0.42 * smoothstep(under, -0.5, 4.0)
        shade *= 0.8 + 0.2 * smoothstep(over, -0.5, 2.5)
        gap = (aperture.lower - aperture.upper)[None] / unit
        shade *= 0.62 + 0.38 * smoothstep(gap, 0.0, 5.0)
        x = np.arange(aperture.left, aperture.left + aperture.width, dtype=np.float32)[None]
        corner = np.minimum(x - aperture.corners[0], aperture.corners[1] - x) / unit
        shade *= 0.3 + 0.7 * smoothstep(corner, -1.0, 8.0)
        return np.asarray(shade, np.float32)


class _OwnTeeth:
    """The teeth that a portrait shows, kept on the skull."""

    def __init__(self, scene: Scene, likeness: Likeness) -> None:
        ring = scene.landmarks[list(INNER_LIPS)]
        x, y, w, h = cv2.boundingRect(np.rint(ring[:, :2]).astype(np.int32))
        mask = np.zeros((h + 2, w + 2), np.uint8)
        cv2.fillPoly(mask, [np.rint(ring[:, :2] - (x - 1, y - 1)).astype(np.int32)], (1,))
        # A soft border inside the lips' edge, so that no lip travels with the teeth.
        alpha = np.clip(cv2.distanceTransform(mask, cv2.DIST_L2, 3) / max(0.012 * likeness.scale, 1.5), 0, 1)
        pixels = scene.picture[y - 1 : y + h + 1, x - 1 : x + w + 1].astype(np.float32)
        self._sprite = np.dstack([pixels * alpha[..., None], alpha]).astype(np.float32)
        self._corner = np.array([x - 1.0, y - 1.0, ring[:, 2].mean()])

    def draw(self, out: Floats, aperture: Aperture, pose: Pose) -> None:
        """Lay them over what is painted."""
        at = pose.place(self._corner[None])[0] - (aperture.left, aperture.top)
        matrix = np.column_stack([pose.turn[:2, :2], at])
        layer = cv2.warpAffine(self._sprite, matrix, (aperture.width, aperture.height), flags=cv2.INTER_LINEAR)
        out *= thrice(1 - layer[..., 3])
        out += layer[..., :3]


def _teeth_light(scene: Scene, light: Floats) -> Floats:
    """White in the portrait's light as its own visible teeth show it, not far from what the eyes say."""
    mask = np.zeros(scene.picture.shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.rint(scene.landmarks[list(INNER_LIPS), :2]).astype(np.int32)], (255,))
    own = scene.picture[mask > 0].astype(np.float32)
    if len(own) < 24:
        return light
    bright = own[own.mean(1) >= np.percentile(own.mean(1), 70)].mean(0)
    return np.asarray(np.clip(1.05 * bright / teeth.IVORY, 0.75 * light, np.minimum(1.7 * light, 250)), np.float32)


def _cheeks(scene: Scene) -> Floats:
    """Mean BGR of the cheeks, 0..255."""
    height, width = scene.picture.shape[:2]
    spots = []
    for x, y in scene.landmarks[list(CHEEKS), :2]:
        i, j = int(np.clip(y, 2, height - 3)), int(np.clip(x, 2, width - 3))
        spots.append(scene.picture[i - 2 : i + 3, j - 2 : j + 3].reshape(-1, 3).mean(0))
    return np.asarray(np.mean(spots, 0), np.float32)


def _light(scene: Scene, skin: Floats) -> Floats:
    """What white would be in this portrait's light, BGR 0..255: the whites of its eyes, checked by its skin."""
    mask = np.zeros(scene.picture.shape[:2], np.uint8)
    for ring in (RIGHT_EYE, LEFT_EYE):
        cv2.fillPoly(mask, [np.rint(scene.landmarks[list(ring), :2]).astype(np.int32)], (255,))
    white = scene.picture[mask > 0].astype(np.float32)
    luma = white.mean(1)
    bright = white[luma >= np.percentile(luma, 75)].mean(0) if len(white) > 8 else skin
    level = float(np.clip(bright.mean() * 1.22, max(1.1 * skin.mean(), 75), 232))
    tint = bright / max(bright.mean(), 1.0)
    return np.asarray(level * (0.6 + 0.4 * tint), np.float32)


def _sprite(painting: teeth.Painting, light: Floats, density: float) -> _Sprite:
    k = density / teeth.DENSITY
    pixels = np.dstack([painting.colour * light * painting.alpha[..., None], painting.alpha])
    small = cv2.resize(pixels, None, fx=k, fy=k, interpolation=cv2.INTER_AREA if k < 1 else cv2.INTER_LINEAR)
    exact = small.shape[1] / pixels.shape[1] * teeth.DENSITY
    return _Sprite(np.asarray(small, np.float32), painting.left, painting.top, exact)
