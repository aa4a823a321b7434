"""The warp field: how far each place of the portrait has moved, on a coarse grid, and its inverse.

Forward fields are linear in what changes per frame (a rotation, a translation, the landmarks' displacement), with
weights made once per portrait. Two fields are kept, as if the face had been cut along the lips: `upper` follows
everything but the lower lip and the chin, `lower` everything but the upper lip. Each is smooth, so each has an inverse
that fixed-point iteration finds; the cut is where the mouth opens.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
import numpy.typing as npt

from avatard import canonical
from avatard.face_mesh import INNER_LIPS, LEFT_BROW, LEFT_EYE, LEFT_IRIS, OVAL, RIGHT_BROW, RIGHT_EYE, RIGHT_IRIS
from avatard.reenact.compose import Scene
from avatard.reenact.fill import ONE_MAP, Floats, smoothstep
from avatard.reenact.likeness import Expression, Likeness, Pose

#: Grid cells in one eye distance: 12 px at the usual size of a head at 720p.
CELLS = 13
#: How far aside the head's top can swing (roll of 30° and a shift), and the person move at all, eye distances.
SWING, LIFT = 1.4, 0.6
#: Reach of one landmark's displacement, in eye distances: beyond the face it has faded after about half of it.
REACH = 1.1
#: Landmarks nearer to each other than this share of an eye distance say the same.
SPACING = 0.12
#: Steps of the inverse; each halves the error at the steepest places (measured: 0.2 px left at yaw 25°).
STEPS = 7
#: Depth of the head's outline behind the eyes, and how fast depth may change across the picture. At 25° of yaw a slope
#: of 1.6 makes the field's own slope 0.68: still invertible.
OUTLINE_DEPTH, DEPTH_SLOPE = 0.95, 1.6


@dataclass(frozen=True, slots=True)
class Inverse:
    """Where each grid node of the output shows the portrait: rows x columns x 2 float32, pixels of the picture."""

    upper: Floats
    lower: Floats


class Field:
    """Grid and weights of one portrait. `box` is the region of the picture that can move: left, top, right, bottom.
    Nodes lie in the middle of cells of step x step pixels, from one cell before the box to one after it."""

    def __init__(self, scene: Scene, likeness: Likeness) -> None:
        self._likeness = likeness
        self._pixels = scene.landmarks
        eyes = likeness.scale
        self.step = max(2, round(eyes / CELLS))
        self.box = self._region(scene, eyes)
        left, top, right, bottom = self.box
        self.nodes = np.stack(np.meshgrid(self._axis(left, right), self._axis(top, bottom)), -1)
        rows, columns = self.nodes.shape[:2]
        self._index = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), -1).astype(np.float32)
        self._head, self._shoulders = self._follow(scene, eyes)
        self._depth = self._depths(eyes)
        self._face, self._used, self._weights = self._expression(eyes)

    def _region(self, scene: Scene, eyes: float) -> tuple[int, int, int, int]:
        """The person and where the head can go, within what is shown."""
        rows, columns = scene.shown
        x, y, w, h = cv2.boundingRect(scene.alpha)
        swing, lift = int(SWING * eyes), int(LIFT * eyes)
        left, right = int(scene.head[0]) - swing, int(scene.head[2]) + swing
        return (
            max(columns.start, min(x - lift, left)),
            max(rows.start, y - lift),
            min(columns.stop, max(x + w + lift, right)),
            min(rows.stop, y + h + lift),
        )

    def _axis(self, low: int, high: int) -> Floats:
        cells = -(-(high - low) // self.step)
        return low + (self.step - 1) / 2 + self.step * np.arange(-1, cells + 1, dtype=np.float32)

    def _follow(self, scene: Scene, eyes: float) -> tuple[Floats, Floats]:
        """How much each node follows the head's rotation, and its translation."""
        own = (((self.nodes - self._likeness.origin[:2]) / eyes) @ self._likeness.rotation[:2, :2]).astype(np.float32)
        chin = np.float32(self._likeness.points[152, 1])
        x, y = own[..., 0], own[..., 1]
        # Under the chin the neck gives way over an eye distance; hair beside the face starts a little higher.
        beside = smoothstep(np.abs(x), 0.5, 1.0)
        start = chin + 0.08 - 0.35 * beside
        head = 1 - _ramp(y, start, start + 0.95)
        shoulders = 1 - 0.72 * _ramp(y, start, start + 1.5)
        return head.astype(np.float32), shoulders.astype(np.float32)

    def _depths(self, eyes: float) -> Floats:
        """Depth of each node relative to the eyes, pixels: the mesh's own on the face, falling back to the outline."""
        points = self._pixels
        oval = points[list(OVAL)]
        centre = oval[:, :2].mean(0)
        at, depth = [points[:, :2]], [points[:, 2] - self._likeness.origin[2]]
        back = OUTLINE_DEPTH * eyes
        for reach, share in ((1.25, 0.5), (1.55, 1.0), (2.0, 1.0), (3.0, 1.0)):
            at.append(centre + (oval[:, :2] - centre) * reach)
            depth.append(depth[0][list(OVAL)] * (1 - share) + back * share)
        sites, values = np.vstack(at).astype(np.float32), np.concatenate(depth).astype(np.float32)
        flat = self.nodes.reshape(-1, 2)
        weights = 1 / (_distances(flat, sites) / eyes + 0.03) ** 4
        out = (weights @ values / weights.sum(1)).reshape(self.nodes.shape[:2]).astype(np.float32)
        for _ in range(60):
            slope = np.hypot(*np.gradient(out)) / self.step
            if slope.max() <= DEPTH_SLOPE:
                break
            # Only where it is too steep: the nose keeps its depth.
            steep = cv2.GaussianBlur((slope > DEPTH_SLOPE).astype(np.float32), (0, 0), 1.5)
            out += (cv2.GaussianBlur(out, (0, 0), 1.0) - out) * np.minimum(2 * steep, 1)
        return np.asarray(out)

    def _expression(self, eyes: float) -> tuple[tuple[slice, slice], npt.NDArray[np.intp], tuple[Floats, Floats]]:
        """Grid rows and columns that expression reaches, the landmarks used, and weights nodes x landmarks."""
        upper, lower = _sides()
        used = _thin(self._pixels[:, :2] / eyes)
        left, top = self.nodes[0, 0]
        low, high = self._pixels[:, :2].min(0) - 0.75 * eyes, self._pixels[:, :2].max(0) + 0.85 * eyes
        rows, columns = self.nodes.shape[:2]
        i0, i1 = (int(np.clip((v - top) / self.step, 0, rows)) for v in (low[1], high[1] + self.step))
        j0, j1 = (int(np.clip((v - left) / self.step, 0, columns)) for v in (low[0], high[0] + self.step))
        nodes = self.nodes[i0:i1, j0:j1].reshape(-1, 2) / eyes
        weights = []
        for side in (upper, lower):
            keep = side[used]
            sites = self._pixels[used[keep], :2] / eyes
            system = _kernel(_distances(sites, sites)) + 2e-3 * np.eye(len(sites))
            part = np.zeros((len(nodes), len(used)), np.float32)
            part[:, keep] = np.linalg.solve(system, _kernel(_distances(nodes, sites)).T).T
            weights.append(np.ascontiguousarray(part))
        return (slice(i0, i1), slice(j0, j1)), used, (weights[0], weights[1])

    def inversions(self, pose: Pose, expression: Expression) -> tuple[Callable[[], Floats], Callable[[], Floats]]:
        """Jobs that find the backward maps of this instant, `Inverse.upper` and `.lower`: on any thread each."""
        turn = (pose.turn[:2] - np.eye(3)[:2]).astype(np.float32)
        at = self.nodes - pose.pivot[:2].astype(np.float32)
        depth = self._depth + np.float32(self._likeness.origin[2] - pose.pivot[2])
        rigid = at @ turn[:, :2].T
        rigid += depth[..., None] * turn[:, 2]
        rigid *= self._head[..., None]
        rigid += self._shoulders[..., None] * pose.shift[:2].astype(np.float32)
        moved = np.ascontiguousarray(pose.spread(expression.moved[self._used]).T, np.float32)
        upper, lower = self._weights
        return partial(self._inverted, rigid, upper, moved), partial(self._inverted, rigid, lower, moved)

    def _inverted(self, rigid: Floats, weights: Floats, moved: Floats) -> Floats:
        """Solve p + flow(p) = q for every node q, in units of the grid."""
        flow = rigid.copy()
        # Not `@`: OpenBLAS would wake its threads for this, and on two busy cores waiting for them costs 4 ms.
        flow[self._face] += np.einsum("nl,cl->nc", weights, moved).reshape(self.nodes[self._face].shape)
        flow *= np.float32(1 / self.step)
        found: Floats = np.subtract(self._index, flow)
        for _ in range(STEPS):
            there = cv2.remap(flow, found, ONE_MAP, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            np.subtract(self._index, there, out=found)
        found *= np.float32(self.step)
        found += self.nodes[0, 0]
        return found


def _ramp(y: Floats, start: Floats, end: Floats) -> Floats:
    return smoothstep((y - start) / (end - start), 0.0, 1.0)


def _distances(a: Floats, b: Floats) -> Floats:
    square = (a**2).sum(1)[:, None] + (b**2).sum(1)[None] - 2 * a @ b.T
    return np.asarray(np.sqrt(np.maximum(square, 0)), np.float32)


def _kernel(distance: Floats) -> npt.NDArray[np.float64]:
    """Wendland's C2 function of reach `REACH`. Source: Wendland, "Piecewise polynomial, positive definite and
    compactly supported radial functions of minimal degree", 1995."""
    r = np.minimum(distance.astype(np.float64) / REACH, 1.0)
    return np.asarray((1 - r) ** 4 * (4 * r + 1))


def _sides() -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Which landmarks the upper and the lower field follow: lids and irises neither, the rest by the lips' line."""
    neutral = canonical.neutral()
    lips = neutral[list(INNER_LIPS)]
    order = np.argsort(lips[:, 0])
    line = np.interp(neutral[:, 0], lips[order, 0], lips[order, 1])
    middle = np.abs(neutral[:, 0]) < 0.27
    below = middle & (neutral[:, 1] > line - 0.003) & (neutral[:, 1] < 1.2)
    above = middle & (neutral[:, 1] < line + 0.003) & (neutral[:, 1] > 0.62)
    ring = list(INNER_LIPS)
    for members, flag in ((ring[1:10], (True, False)), (ring[11:], (False, True))):
        above[members], below[members] = flag
    corners = [61, 291, 78, 308]
    above[corners] = below[corners] = False
    eyes = np.zeros(len(neutral), bool)
    eyes[[*RIGHT_EYE, *LEFT_EYE, *RIGHT_IRIS, *LEFT_IRIS]] = True
    # The skin between lids, brow and cheek is the eye's own affair (`eyes.py`): blinks must not pull the brow down.
    lids = neutral[[159, 145, 386, 374], :2].reshape(2, 2, 2).mean(1)
    away = (neutral[:, None, :2] - lids[None]) / (0.24, 0.14)
    brows = [*RIGHT_BROW, *LEFT_BROW]
    eyes |= np.hypot(away[..., 0], away[..., 1]).min(1) < 1
    eyes[brows] = False
    eyes[[33, 133, 362, 263]] = False
    return ~below & ~eyes, ~above & ~eyes


def _thin(points: Floats) -> npt.NDArray[np.intp]:
    """Landmarks at least `SPACING` apart; lips, corners and outline first, as they matter most."""
    first = [*INNER_LIPS, 61, 291, 0, 17, 37, 267, 84, 314, 39, 269, 181, 405, *OVAL, 33, 133, 362, 263]
    kept: list[int] = []
    for index in [*first, *range(468)]:
        near = np.linalg.norm(points[kept] - points[index], axis=1) if kept else np.array([9.0])
        if (index in first and index not in kept) or near.min() > SPACING:
            kept.append(index)
    return np.array(kept)
