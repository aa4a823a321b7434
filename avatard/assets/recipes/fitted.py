"""MakeHuman parts (.obj with .mhclo): lashes, brows, teeth and tongue fitted to any body."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from anatomy import Floats
from numpy.typing import NDArray


@dataclass(frozen=True)
class Part:
    """One part: its faces and texture coordinates, and how each vertex hangs on the base mesh."""

    faces: list[list[int]]
    uv: Floats
    face_uv: list[list[int]]
    refs: NDArray[np.int64]  # (n, 3) base vertices
    mix: Floats  # (n, 3) their weights
    offset: Floats  # (n, 3) in Blender axes, to be multiplied by the scale of this body
    rulers: dict[int, tuple[int, int, float]]  # axis → (vertex, vertex, length in decimetres on the base)

    def fit(self, body: Floats) -> Floats:
        """The part's vertices (metres) on this body, which must be in rest space."""
        scale = np.ones(3)
        for axis, (a, b, length) in self.rulers.items():
            scale[axis] = abs(body[a, axis] - body[b, axis]) / (length * 0.1)
        return np.einsum("nk,nkc->nc", self.mix, body[self.refs]) + self.offset * scale

    def weights(self, body: NDArray[np.float32]) -> NDArray[np.float32]:
        """Bone weights of the part, carried over from the base mesh."""
        return np.clip(np.einsum("nk,nkb->nb", self.mix.astype(np.float32), body[self.refs]), 0, 1)


def load_part(mhclo: Path) -> Part:
    """Read NAME.mhclo and the .obj beside it."""
    axis_of = {"x_scale": 0, "z_scale": 1, "y_scale": 2}  # MakeHuman's z is Blender's y
    refs, mix, offset = [], [], []
    rulers: dict[int, tuple[int, int, float]] = {}
    reading = False
    for line in mhclo.read_text().splitlines():
        words = line.split("#")[0].split()
        if not words:
            continue
        if words[0] in axis_of:
            rulers[axis_of[words[0]]] = (int(words[1]), int(words[2]), float(words[3]))
        elif words[0] == "verts":
            reading = True
        elif reading and len(words) == 1 and words[0].isdigit():
            refs.append([int(words[0])] * 3)
            mix.append([1.0, 0.0, 0.0])
            offset.append([0.0, 0.0, 0.0])
        elif reading and len(words) in (6, 9):  # old files leave zero offsets out
            refs.append([int(w) for w in words[:3]])
            mix.append([float(w) for w in words[3:6]])
            x, y, z = (float(w) * 0.1 for w in words[6:] or "000")
            offset.append([x, -z, y])
        elif words[0] in ("weights", "delete_verts"):
            reading = False
    faces, face_uv, uv = [], [], []
    for line in mhclo.with_suffix(".obj").read_text().splitlines():
        head, *rest = line.split() or [""]
        if head == "vt":
            uv.append([float(x) for x in rest[:2]])
        elif head == "f":
            corners = [corner.split("/") for corner in rest]
            faces.append([int(c[0]) - 1 for c in corners])
            face_uv.append([int(c[1]) - 1 for c in corners])
    return Part(faces, np.array(uv), face_uv, np.array(refs), np.array(mix), np.array(offset), rulers)
