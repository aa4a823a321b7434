"""What the network is told of an instant beside the picture: where lips, lids and teeth are, as maps and numbers.

All of it comes from the `Motion` and the portrait: no camera pixel is in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from avatard.face_mesh import LEFT_EYE, RIGHT_EYE
from avatard.motion import TONGUE, UNIT, UNITS
from avatard.reenact.fill import Floats, between
from avatard.reenact.patches import EYE, MOUTH, Patch

if TYPE_CHECKING:
    from avatard.motion import Motion
    from avatard.reenact.likeness import Expression, Eye, Likeness, Pose
    from avatard.reenact.puppet import Drawn

#: Distances from an edge are told up to so many patch pixels, as -1..1.
NEAR: Final = 16.0
#: Channels of the mouth's maps: share of the opening; distance below the upper and above the lower edge; position on
#: the skull across and down, and on the jaw down, in quarters of an eye distance.
MOUTH_MAPS: Final = 6
#: Numbers: rotation, units, gap along the lips, displacement of the jaw; and of one eye.
MOUTH_CODE: Final = 3 + len(UNITS) + 9 + 3
EYE_CODE: Final = 12
_TRACKED = np.array([name not in TONGUE for name in UNITS], np.float32)
#: What of the motion an eye is told, subject's side filled in.
EYE_UNITS: Final = ("browDown{}", "browInnerUp", "browOuterUp{}", "cheekSquint{}", "eyeWide{}")


def mouth_maps(patch: Patch, drawn: Drawn, likeness: Likeness, teeth: tuple[float, float, float]) -> Floats:
    """6xHxW float32: see `MOUTH_MAPS`."""
    width, height = MOUTH
    x = np.arange(width, dtype=np.float32)
    y = np.arange(height, dtype=np.float32)[:, None]
    edges = patch.local(drawn.lips.upper), patch.local(drawn.lips.lower)
    top, bottom = (np.interp(x, np.maximum.accumulate(e[:, 0]), e[:, 1]).astype(np.float32) for e in edges)
    outside = (x < edges[0][0, 0]) | (x > edges[0][-1, 0])
    bottom = np.where(outside, top, bottom)
    out = np.empty((MOUTH_MAPS, height, width), np.float32)
    out[0] = between(top, bottom, y)
    out[1] = np.clip((y - top) / NEAR, -1, 1)
    out[2] = np.clip((bottom - y) / NEAR, -1, 1)
    pose = drawn.pose
    axes = patch.turned(pose.spread(np.eye(3)[:2])) * np.float32(1 / 4)  # rows: a quarter eye distance across, down
    back = np.linalg.inv(axes.astype(np.float64).T)
    jaw = pose.spread(drawn.expression.jaw[None])[0]
    for plane, moved in ((out[3:5], np.zeros(2)), (out[5:6], jaw)):
        origin = patch.local(pose.place(np.array(teeth)[None]) + moved)[0]
        rows = back[:2] if len(plane) == 2 else back[1:]
        for target, (bx, by) in zip(plane, rows, strict=True):
            np.add((x - origin[0]) * np.float32(bx), (y - origin[1]) * np.float32(by), out=target)
    return np.clip(out, -2, 2, out=out)


def mouth_code(drawn: Drawn, motion: Motion) -> Floats:
    """`MOUTH_CODE` float32."""
    expression = drawn.expression
    # It learned from tracked faces, which have no tongue: a number there would mean nothing to it.
    units = motion.units * _TRACKED
    return np.concatenate([motion.rotation, units, 4 * expression.gap, 4 * expression.jaw]).astype(np.float32)


class Lids:
    """The edges of one portrait's lids, for any opening."""

    def __init__(self, likeness: Likeness, landmarks: Floats) -> None:
        self._rings = []
        for ring in (RIGHT_EYE, LEFT_EYE):
            upper, lower = list(ring[:9]), [ring[0], *ring[:7:-1]]
            self._rings.append((landmarks[upper].astype(np.float64), landmarks[lower].astype(np.float64)))

    def map(self, side: int, patch: Patch, pose: Pose, state: Eye) -> Floats:
        """HxW float32, share of each pixel of `patch` between the lids. side: 0 right, 1 left."""
        width, height = EYE
        upper, lower = self._rings[side]
        open_by = lower - upper
        low = lower - state.lower * open_by
        high = low - state.opening * open_by
        x = np.arange(width, dtype=np.float32)
        curves = []
        for edge in (high, low):
            at = patch.local(pose.place(edge))
            order = np.argsort(at[:, 0])
            curves.append(np.interp(x, at[order, 0], at[order, 1]).astype(np.float32))
        ends = patch.local(pose.place(upper[[0, 8]]))[:, 0]
        outside = (x < ends.min()) | (x > ends.max())
        return between(curves[0], np.where(outside, curves[0], curves[1]), np.arange(height, dtype=np.float32)[:, None])


def eye_code(side: int, expression: Expression, motion: Motion) -> Floats:
    """`EYE_CODE` float32 of one eye, the left one as if mirrored. side: 0 right, 1 left."""
    state = expression.eyes[side]
    sign = -1.0 if side else 1.0
    yaw, pitch, roll = (float(v) for v in motion.rotation)
    name = "Left" if side else "Right"
    units = [motion.units[UNIT[unit.format(name)]] for unit in EYE_UNITS]
    gaze = (8 * sign * state.gaze[0], 8 * state.gaze[1])
    return np.array([state.opening, state.lower, *gaze, sign * yaw, pitch, sign * roll, *units], np.float32)
