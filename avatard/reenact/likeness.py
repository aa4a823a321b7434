"""A portrait's face in the canonical head's frame, and what a `Motion` makes of it.

All points here are in eye distances in the head's own axes, so that the portrait's pose and size play no part; `Pose`
takes them to the picture. The portrait's proportions scale the motion: mouth by its width, brows by their height
above the eyes, lids by their own opening, so that closed stays closed on any face.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from avatard import canonical
from avatard.face_mesh import INNER_LIPS, LEFT_BROW, LEFT_EYE, LEFT_IRIS, RIGHT_BROW, RIGHT_EYE, RIGHT_IRIS, RIGID
from avatard.geometry import rotation_matrix, similarity
from avatard.motion import Motion
from avatard.reenact.fill import Floats

UPPER_LIP = np.array(INNER_LIPS[1:10])
LOWER_LIP = np.array(INNER_LIPS[:10:-1])
MOUTH_CORNERS = (61, 291)

#: A portrait's lips count as closed below this gap (eye distances): FaceMesh leaves up to 0.02 on closed lips.
CLOSED_GAP = 0.03
#: Share of a smile's gap that the upper lip comes down to meet the lower one.
UPPER_SHARE = 0.45
#: Points of the chin's bone; the skin there moves this much less than the lower teeth.
CHIN, JAW = (152, 175, 199, 148, 377), 1.25
#: How far around the lips closing them draws the skin along.
CLOSING_REACH = 0.22

#: Beyond these the picture has nothing to show (radians): yaw, pitch, roll of 28, 24 and 34 degrees.
LIMIT = np.array([0.49, 0.42, 0.59])
SHIFT_LIMIT = 0.8
#: Eyes do not open wider than this, in shares of the portrait's own opening: more is a stare on any face.
MOST_OPEN = 1.3


@dataclass(frozen=True, slots=True)
class Eye:
    """One eye's state. opening: 1 is the portrait's own, 0 shut. lower: how far the lower lid has come up, in shares
    of the portrait's opening. gaze: shift of the iris, eye distances, in the head's axes."""

    opening: float
    lower: float
    gaze: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Expression:
    """What a motion makes of one portrait.

    moved: 478x3, displacement from the portrait's own landmarks (lids and irises unmoved: see `eyes`).
    gap: 9 float32, opening between the inner lips, from the right corner to the left; 0 is closed exactly.
    eyes: right, left. jaw: 3, displacement of the lower teeth. tongue: 0..1, how far it is up at the upper teeth, and
    how far between them.
    """

    moved: Floats
    gap: Floats
    eyes: tuple[Eye, Eye]
    jaw: Floats
    tongue: tuple[float, float] = (0.0, 0.0)


class Likeness:
    """The portrait's face, measured once."""

    def __init__(self, landmarks: Floats) -> None:
        neutral = canonical.neutral()
        rigid = list(RIGID)
        scale, rotation, _ = similarity(neutral[rigid], landmarks[rigid])
        self.scale = scale
        self.rotation = rotation
        self.origin = np.asarray(landmarks[[33, 263]].mean(0), np.float64)
        self.points = ((landmarks - self.origin) @ rotation / scale).astype(np.float32)
        self._gain = self._gains(neutral)
        self.own_gap = np.maximum(self.points[LOWER_LIP, 1] - self.points[UPPER_LIP, 1], 0)
        self.shows_teeth = bool(self.own_gap.max() > CLOSED_GAP)
        self._closing = self._closed() if self.shows_teeth else np.zeros_like(self.points)
        self._eyes = tuple(_CanonicalEye(ring, iris) for ring, iris in ((RIGHT_EYE, RIGHT_IRIS), (LEFT_EYE, LEFT_IRIS)))

    def _gains(self, neutral: Floats) -> Floats:
        """478x3, factor on the canonical displacement of each landmark."""

        def near(points: Floats, reach: float) -> Floats:
            away = np.linalg.norm(neutral[:, None, :2] - points[None, :, :2], axis=2).min(1)
            return np.asarray(np.exp(-((away / reach) ** 2)), np.float32)

        right, left = MOUTH_CORNERS
        own_width = np.linalg.norm(self.points[left] - self.points[right])
        mouth = np.clip(own_width / np.linalg.norm(neutral[left] - neutral[right]), 0.75, 1.3)
        brows = list(RIGHT_BROW[:5] + LEFT_BROW[:5])
        lids = [159, 386]
        height = self.points[lids, 1].mean() - self.points[brows, 1].mean()
        brow = np.clip(height / (neutral[lids, 1].mean() - neutral[brows, 1].mean()), 0.7, 1.3)
        lips, above = near(neutral[list(INNER_LIPS)], 0.35), near(neutral[brows], 0.25)
        # A wider mouth does not open as much further as it is wider: jaws differ less than lips.
        across, down = 1 + (mouth - 1) * lips, 1 + (np.sqrt(mouth) - 1) * lips
        return np.asarray(np.stack([across, down, down], -1) * (1 + (brow - 1) * above)[:, None], np.float32)

    def _closed(self) -> Floats:
        """Displacement that closes the portrait's own open lips, the skin around drawn along."""
        upper, lower = self.points[UPPER_LIP], self.points[LOWER_LIP]
        line = upper[:, 1] + UPPER_SHARE * self.own_gap
        x, y = self.points[:, 0], self.points[:, 1]
        order = np.argsort(upper[:, 0])
        at = upper[order, 0]

        def along(values: Floats) -> Floats:
            return np.asarray(np.interp(x, at, values[order], left=0, right=0), np.float32)

        below = y > along(line)
        lip = np.where(below, along(lower[:, 1]), along(upper[:, 1]))
        gap = along(self.own_gap)
        target = np.where(below, -(1 - UPPER_SHARE), UPPER_SHARE) * gap
        # Lips themselves (0.06) keep their thickness, then the skin gives way.
        away = np.maximum(np.abs(y - lip) - 0.06, 0)
        out = np.zeros_like(self.points)
        out[:, 1] = target * np.exp(-((away / CLOSING_REACH) ** 2))
        return out

    def express(self, motion: Motion, closing: float) -> Expression:
        """The face under `motion`. `closing`, 0..1: how much of the portrait's own lip opening is taken away, so that
        the motion alone opens the mouth (1 for a tracked or spoken mouth, 0 for the portrait's own smile)."""
        displacement = canonical.displacement(motion)
        moved = displacement * self._gain + closing * self._closing
        own = self.own_gap if self.shows_teeth else np.zeros_like(self.own_gap)
        opened = moved[LOWER_LIP, 1] - moved[UPPER_LIP, 1]
        gap = own + opened
        # Lips that would cross meet in the middle instead.
        crossed = np.minimum(gap, 0) / 2
        moved[UPPER_LIP, 1] += crossed
        moved[LOWER_LIP, 1] -= crossed
        eyes = self._eyes[0].state(displacement, self.points), self._eyes[1].state(displacement, self.points)
        jaw = JAW * moved[list(CHIN)].mean(0)
        between = motion["tongueBetween"]
        tongue = max(motion["tongueUp"], motion["tongueTeeth"], between), between
        return Expression(moved, np.maximum(gap, 0), eyes, jaw, tongue)


class _CanonicalEye:
    """Reads one eye's state from a canonical displacement."""

    def __init__(self, ring: tuple[int, ...], iris: tuple[int, ...]) -> None:
        neutral = canonical.neutral()
        self._upper, self._lower = np.array(ring[2:7]), np.array(ring[:9:-1])[1:6]
        self._open = float((neutral[self._lower, 1] - neutral[self._upper, 1]).mean())
        self._corners = [ring[0], ring[8]]
        self._iris = iris[0]

    def state(self, displacement: Floats, portrait: Floats) -> Eye:
        """Opening, lower lid and gaze for a portrait whose landmarks these are."""
        upper, lower = displacement[self._upper, 1].mean(), displacement[self._lower, 1].mean()
        drift = displacement[self._corners].mean(0)
        opening = float(np.clip((self._open + lower - upper) / self._open, 0.0, MOST_OPEN))
        raised = float(np.clip((drift[1] - lower) / self._open, -0.3, 0.5))
        gaze = displacement[self._iris] - drift
        # The last few per cent are noise of the tracker, not light between the lids.
        opening = 0.0 if opening < 0.06 else opening
        # Narrow eyes show less of a look up or down.
        own = float((portrait[self._lower, 1] - portrait[self._upper, 1]).mean())
        flat = float(np.clip(own / self._open, 0.5, 1.1))
        return Eye(opening, raised, (float(gaze[0]), float(gaze[1]) * flat))


class Pose:
    """The portrait's head turned and moved by a motion: head's axes → the picture's pixels."""

    def __init__(self, likeness: Likeness, motion: Motion) -> None:
        yaw, pitch, roll = np.clip(motion.rotation, -LIMIT, LIMIT)
        shift = np.clip(motion.translation, -SHIFT_LIMIT, SHIFT_LIMIT)
        self.turn = rotation_matrix(yaw, pitch, roll)
        self.pivot = likeness.origin + likeness.scale * likeness.rotation @ canonical.NECK
        self.shift = np.array([shift[0], shift[1], 0.0]) * likeness.scale
        self._likeness = likeness

    def spread(self, vectors: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
        """Nx3 displacements in the head's axes → Nx2 pixels in the picture."""
        whole = self.turn @ self._likeness.rotation * self._likeness.scale
        return np.asarray(vectors @ whole[:2].T)

    def place(self, pixels: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
        """Nx3 points of the still portrait in its own pixels → where they are now, Nx2."""
        return np.asarray((pixels - self.pivot) @ self.turn[:2].T + (self.pivot + self.shift)[:2])
