"""A random head as triangles that move: skin, teeth, tongue, eyes, brows, lashes, hair, in camera axes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import recipes  # noqa: F401
import anatomy
import cv2
import eyes
import mouth_light
import numpy as np
import pose
import surface
from anatomy import Floats
from fitted import load_part
from numpy.typing import NDArray
from person import Look

#: Metres below the neck's joint where the body ends.
BODY_END = 0.16
#: Light on the lips' inner edge, which is neither inside nor outside.
RIM = 0.75
#: How far the tongue may rise and come forward, metres.
TONGUE_RISE, TONGUE_FORTH = 0.009, 0.005
#: How far below MakeHuman's place the tongue rests, metres.
TONGUE_REST = 0.003


@dataclass(frozen=True)
class Sheet:
    """Triangles of one material. index: n x 3 rows of the points; uv: per corner, n x 3 x 2."""

    name: str
    index: NDArray[np.int64]
    uv: NDArray[np.float32]


def split(quads: NDArray[np.int64]) -> NDArray[np.int64]:
    """Quads (n x 4 [x ...]) as triangles."""
    return np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])


def _polygons(faces: list[list[int]]) -> NDArray[np.int64]:
    return np.array([[f[0], f[k + 1], f[k + 2]] for f in faces for k in range(len(f) - 2)])


def normals(points: Floats, triangles: NDArray[np.int64]) -> Floats:
    """Per point, area-weighted."""
    a, b, c = (points[triangles[:, k]] for k in range(3))
    face = np.cross(b - a, c - a)
    out = np.stack([np.bincount(triangles.ravel(), np.repeat(face[:, i], 3), len(points)) for i in range(3)], -1)
    return out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-12)


class Head:
    """`pose(...)` gives points, normals and the light that reaches each; `sheets` index them."""

    def __init__(self, who: anatomy.Identity, look: Look, makehuman: Path) -> None:
        self.rest = anatomy.rest_vertices(who)
        self.look = look
        self.origin = (pose.joint(self.rest, "eye.L") + pose.joint(self.rest, "eye.R")) / 2
        mesh = anatomy.base_mesh()
        neck = pose.joint(self.rest, "neck01")
        keep = (self.rest[mesh.faces][..., 2] > neck[2] - BODY_END).all(1)
        self._used, quads = np.unique(mesh.faces[keep], return_inverse=True)
        quads = quads.reshape(-1, 4)
        self._round, quads = surface.subdivided(quads, len(self._used))
        uv = surface.subdivided_uv(mesh.uv[mesh.face_uv[keep]])
        # MakeHuman lays the mouth's inside on its own piece of the texture.
        inner = (uv[..., 1] < 0.14).all(1) & (uv[..., 0] > 0.74).all(1)
        shirt = self._round @ self.rest[self._used]
        self.sheets = [
            Sheet("skin", split(quads[~inner]), split(uv[~inner]).astype(np.float32)),
            Sheet("inner", split(quads[inner]), split(uv[inner]).astype(np.float32)),
        ]
        self._skin_triangles = split(quads)
        inside = np.zeros(self._round.shape[0], bool)
        inside[quads[inner]] = True
        outside = np.zeros_like(inside)
        outside[quads[~inner]] = True
        self._inside, self._rim = inside, inside & outside
        self.below = np.clip((neck[2] + 0.012 - shirt[:, 2]) / 0.004, 0, 1)  # what a shirt covers
        self._parts = []
        at = self._round.shape[0]
        parts = makehuman / "parts"
        names = [("teeth", parts / f"{look.teeth}.mhclo"), ("tongue", parts / "tongue01.mhclo"),
                 ("brows", parts / f"{look.brows}.mhclo"), ("lashes", parts / "eyelashes02.mhclo")]  # fmt: skip
        if look.hair:
            names.append(("hair", makehuman / "hair" / f"{look.hair}.mhclo"))
        for name, path in names:
            part = load_part(path)
            index = _polygons(part.faces)
            self.sheets.append(Sheet(name, index + at, part.uv[_polygons(part.face_uv)].astype(np.float32)))
            self._parts.append((name, part, index))
            at += len(part.refs)
        self._balls = []
        for side in "lr":
            globe = self.rest[pose.groups()[f"helper-{side}-eye"]]
            radius = float(np.ptp(globe[:, 0])) / 2
            centre = globe.mean(0)
            centre[1] = globe[:, 1].max() - radius
            points, faces, texture = eyes.ball(radius)
            index = _polygons(faces)
            self.sheets.append(Sheet("eye", index + at, texture[index].astype(np.float32)))
            self._balls.append((points, centre, index))
            at += len(points)
        self._triangles = np.concatenate([s.index for s in self.sheets])
        self._bones()
        self._rim_edges()
        teeth = self._parts[0][1]
        drop = teeth.fit(self.rest)[:, 2] - teeth.fit(anatomy.express(self.rest, {"jawOpen": 1.0}))[:, 2]
        self._teeth_down = np.where(drop > 0.5 * drop.max(), look.teeth_down[1], look.teeth_down[0])

    def stubble(self) -> Floats:
        """Per point of the skin, 0..1: where a beard grows, lips left out."""
        rest = self._round @ self.rest[self._used] - self.origin
        upper, lower = (self.rest[self._used][row] - self.origin for row in self._edges)
        mouth = (upper.mean(0) + lower.mean(0)) / 2
        across, up = rest[:, 0] / 0.05, (rest[:, 2] - mouth[2]) / 0.05
        above, below = np.clip((0.75 - up) / 0.3, 0, 1), np.clip((up + 1.9) / 0.5, 0, 1)
        band = above * below * np.clip((1.35 - abs(across)) / 0.4, 0, 1)
        lips = np.hypot(rest[:, 0] / 0.03, (rest[:, 2] - mouth[2]) / 0.0125)
        return band * np.clip((lips - 0.95) / 0.25, 0, 1) * (rest[:, 1] < 0)  # in front of the eyes' middle

    def _bones(self) -> None:
        names, weights = pose.skin_weights()
        self._head_bone = names.index("head")
        tables = [weights[self._used]] + [part.weights(weights) for _, part, _ in self._parts]
        moved = sorted({i for table in tables for i in np.flatnonzero(table.any(0))})
        self._moved = np.array(moved)
        self._tables = [np.asarray(t[:, moved], np.float32) for t in tables]

    def _rim_edges(self) -> None:
        """The lips' inner edge as two rows of points, right corner to left as seen."""
        at = np.flatnonzero(self._rim[: len(self._used)])
        rest = anatomy.base_mesh().vertices[self._used]
        index, offset = anatomy.target("faceunits/jawOpen")
        drop = np.zeros(len(anatomy.base_mesh().vertices))
        drop[index] = -offset[:, 2]
        drop = drop[self._used][at]
        ends = at[np.argmin(rest[at, 0])], at[np.argmax(rest[at, 0])]
        # The jaw takes the lower lip's middle along whole, the upper one's not at all, both corners alike.
        corner = drop[at == ends[0]][0]
        lower = drop > 0.5 * drop.max() + (corner - 0.5 * drop.max()) * np.abs(rest[at, 0]) / np.abs(rest[at, 0]).max()
        order = np.argsort(rest[at, 0])
        upper_row = [i for i, low in zip(at[order], lower[order], strict=True) if not low and i not in ends]
        lower_row = [i for i, low in zip(at[order], lower[order], strict=True) if low and i not in ends]
        self._edges = [np.array([ends[0], *row, ends[1]]) for row in (upper_row, lower_row)]

    def pose(
        self, units: Mapping[str, float], turn: tuple[float, float, float], gaze: tuple[float, float], tongue: float
    ) -> tuple[Floats, Floats, Floats]:
        """points n x 3 (metres; x right, y down, z away; origin between the eyes), normals n x 3, light n (0..1).

        turn: yaw, pitch, roll; gaze: yaw, pitch; degrees, as `pose.bone_transforms` takes them. tongue: 0..1 raised.
        """
        face = anatomy.express(self.rest, units)
        transforms = pose.bone_transforms(self.rest, *turn)
        bones = transforms[self._moved]
        placed, lit = [], []
        skin = self._round @ face[self._used]
        edges = [face[self._used][row] for row in self._edges]
        inner = self._inside
        light = np.ones(len(skin))
        normal = normals(skin, self._skin_triangles)
        light[inner] = mouth_light.received(skin[inner], normal[inner], *edges)
        light[self._rim] = np.maximum(light[self._rim], RIM)
        placed.append(self._round @ pose.skin(face[self._used], self._tables[0], bones))
        lit.append(light)
        for (name, part, index), table in zip(self._parts, self._tables[1:], strict=True):
            points = part.fit(face)
            if name == "tongue":
                front = np.clip((points[:, 1].max() - points[:, 1]) / np.ptp(points[:, 1]), 0, 1)
                points[:, 2] += tongue * TONGUE_RISE * front**0.7 - TONGUE_REST
                points[:, 1] -= tongue * TONGUE_FORTH * front
            if name == "teeth":
                points[:, 2] -= self._teeth_down
            inside = name in ("teeth", "tongue")
            lit.append(mouth_light.received(points, normals(points, index), *edges) if inside else np.ones(len(points)))
            placed.append(pose.skin(points, table, bones))
        skull = transforms[self._head_bone]
        look = pose.rotation(np.radians([0, 0, gaze[0]])) @ pose.rotation(np.radians([-gaze[1], 0, 0]))
        for points, centre, _ in self._balls:
            placed.append((points @ look.T + centre) @ skull[:, :3].T + skull[:, 3])
            lit.append(np.ones(len(points)))
        points = np.vstack(placed) - self.origin
        points = np.stack([points[:, 0], -points[:, 2], points[:, 1]], -1)
        return points, normals(points, self._triangles), np.concatenate(lit)


def texture(path: Path, size: int) -> NDArray[np.uint8]:
    """RGBA of a picture, scaled down to `size` pixels square."""
    read = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if read is None:
        raise SystemExit(f"{path} is missing: give --makehuman a folder with skins/, parts/ and hair/")
    if read.ndim == 2:
        read = cv2.cvtColor(read, cv2.COLOR_GRAY2BGR)
    rgba = cv2.cvtColor(read, cv2.COLOR_BGRA2RGBA if read.shape[2] == 4 else cv2.COLOR_BGR2RGBA)
    return np.ascontiguousarray(cv2.resize(rgba, (size, size), interpolation=cv2.INTER_AREA)[::-1])
