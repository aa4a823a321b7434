"""The mean adult head for the canonical table: surfaces to draw, and vertices for any expression, in camera axes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import anatomy
import cv2
import numpy as np
import pose
from anatomy import Floats, Identity
from canonical_render import Surface
from fitted import load_part
from numpy.typing import NDArray

#: The mean adult: between the sexes, about 35 years, all of MakeHuman's origins alike.
MEAN = Identity(age=0.72, race={"caucasian": 1.0, "asian": 1.0, "african": 1.0})
BODY = 0  # the body's place in `Head.surfaces`
IRIS_RAD, PUPIL_RAD = np.radians(27.0), np.radians(9.0)


def camera_axes(points: Floats) -> Floats:
    """Blender's axes (face to -Y, Z up) as the picture's: x right, y down, z away."""
    return np.stack([points[..., 0], -points[..., 2], points[..., 1]], -1)


def _split(quads: NDArray[np.int64] | list[list[int]]) -> NDArray[np.int64]:
    return np.array([t for q in quads for t in ([q[0], q[1], q[2]], [q[0], q[2], q[3]])[: len(q) - 2]])


def _ball(radius: float, centre: Floats) -> tuple[Floats, NDArray[np.int64], Floats]:
    """A sphere whose pole looks at the camera: points, triangles, colour per corner (pupil, iris, white)."""
    rings, spokes = np.linspace(0, np.pi, 90), np.linspace(0, 2 * np.pi, 48, endpoint=False)
    ring, spoke = np.meshgrid(rings, spokes, indexing="ij")
    unit = np.stack([np.sin(ring) * np.cos(spoke), np.sin(ring) * np.sin(spoke), -np.cos(ring)], -1).reshape(-1, 3)
    i, j = np.meshgrid(np.arange(89), np.arange(48), indexing="ij")
    a, b = i * 48 + j, i * 48 + (j + 1) % 48
    quads = np.stack([a, b, b + 48, a + 48], -1).reshape(-1, 4)
    triangles = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    angle = ring.reshape(-1)[triangles].mean(1)
    colour = np.where(angle[:, None] < PUPIL_RAD, 0.03, np.array([0.16, 0.26, 0.36]))
    colour = np.where(angle[:, None] < IRIS_RAD, colour, np.array([0.82, 0.85, 0.87]))
    return unit * radius + centre, triangles, np.repeat(colour[:, None], 3, 1)


class Head:
    """`points(units)` gives all vertices (metres, camera axes, origin between the eyeballs); `surfaces` index them."""

    def __init__(self, makehuman: Path) -> None:
        self.rest = anatomy.rest_vertices(MEAN)
        mesh = anatomy.base_mesh()
        self.origin = (pose.joint(self.rest, "eye.L") + pose.joint(self.rest, "eye.R")) / 2
        keep = (self.rest[mesh.faces][..., 2] > self.origin[2] - 0.30).all(1)
        self.triangles, uv = _split(mesh.faces[keep]), _split(mesh.face_uv[keep])
        self._skin_uv = mesh.uv[uv]
        parts = makehuman / "parts"
        self._parts = [load_part(parts / f"{name}.mhclo") for name in ("teeth_base", "eyebrow010", "eyelashes02")]
        self._textures = [
            cv2.imread(str(parts / f"{name}.png"), cv2.IMREAD_UNCHANGED)
            for name in ("teeth", "eyebrow010", "eyelashes02")
        ]
        self._textures[0] = self._textures[0][..., :3]
        self._balls = [self._eye(side) for side in "lr"]

    def _eye(self, side: str) -> tuple[Floats, NDArray[np.int64], Floats]:
        globe = camera_axes(self.rest[pose.groups()[f"helper-{side}-eye"]] - self.origin)
        radius = float(np.ptp(globe[:, 0])) / 2
        centre = globe.mean(0)
        centre[2] = globe[:, 2].max() - radius  # the helper's front bulges; its back is a true sphere
        return _ball(radius, centre)

    def points(self, units: Mapping[str, float]) -> Floats:
        face = anatomy.express(self.rest, units)
        body = [camera_axes(v - self.origin) for v in (face, *(part.fit(face) for part in self._parts))]
        return np.vstack([*body, *(ball[0] for ball in self._balls)])

    def delta(self, unit: str) -> Floats:
        """Displacement of the base mesh's vertices (metres, camera axes) at the unit's full strength."""
        return camera_axes(anatomy.express(np.zeros_like(self.rest), {unit: 1.0}))

    def surfaces(self, skin: NDArray[np.uint8]) -> list[Surface]:
        """Body, teeth, eyes, then the see-through brows and lashes."""
        at = len(self.rest)
        worn = []
        for part, texture, name in zip(self._parts, self._textures, ("teeth", "brows", "lashes"), strict=True):
            worn.append(Surface(name, _split(part.faces) + at, part.uv[_split(part.face_uv)], texture))
            at += len(part.refs)
        balls = []
        for points, triangles, colour in self._balls:
            balls.append(Surface("eye", triangles + at, colour=colour))
            at += len(points)
        return [Surface("body", self.triangles, self._skin_uv, skin), worn[0], *balls, *worn[1:]]
