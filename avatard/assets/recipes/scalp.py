"""The scalp: where hair may grow, and the surface that it must not enter."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import bpy
import numpy as np
from anatomy import Floats, base_mesh
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import cKDTree

# MakeHuman skins that show where hair grows: painted dark hair on a woman's and on a man's scalp.
HAIRLINE = {
    "soft": "young_caucasian_female_special_suit.jpg",
    "short": "young_darkskinned_male_diffuse.jpg",
}


@dataclass(frozen=True)
class Samples:
    """Points on the body with normals and texture coordinates."""

    points: Floats
    normals: Floats
    uv: Floats


@dataclass(frozen=True)
class BeardMarks:
    """Heights (z) and places (metres) that bound a beard."""

    mouth_z: float
    corner_x: float
    nose_z: float
    chin_z: float
    burn_x: float
    burn_z: float
    ear_y: float
    front_y: float


def vertex_normals(vertices: Floats, faces: NDArray[np.int64]) -> Floats:
    """Area-weighted unit normals of a quad mesh."""
    q = vertices[faces]
    n = np.cross(q[:, 2] - q[:, 0], q[:, 3] - q[:, 1])
    out = np.zeros_like(vertices)
    for corner in range(4):
        np.add.at(out, faces[:, corner], n)
    return out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-12)


def sample(vertices: Floats, keep: NDArray[np.bool_], count: int, rng: np.random.Generator) -> Samples:
    """`count` points spread evenly over the kept faces."""
    mesh = base_mesh()
    faces, face_uv = mesh.faces[keep], mesh.face_uv[keep]
    q = vertices[faces]
    area = np.linalg.norm(np.cross(q[:, 2] - q[:, 0], q[:, 3] - q[:, 1]), axis=1)
    pick = rng.choice(len(faces), count, p=area / area.sum())
    u, v = rng.random((2, count, 1))
    corner = [(1 - u) * (1 - v), u * (1 - v), u * v, (1 - u) * v]
    normals = vertex_normals(vertices, mesh.faces)

    def blend(table: Floats, index: NDArray[np.int64]) -> Floats:
        return sum(w * table[index[pick, i]] for i, w in enumerate(corner))

    n = blend(normals, faces)
    return Samples(blend(vertices, faces), n / np.linalg.norm(n, axis=1, keepdims=True), blend(mesh.uv, face_uv))


def read_mask(path: Path) -> Floats:
    """A grey picture as (h, w) values 0..1, row 0 at V = 0."""
    image = bpy.data.images.load(str(path), check_existing=True)
    image.colorspace_settings.name = "Non-Color"
    pixels = np.empty(len(image.pixels), np.float32)
    image.pixels.foreach_get(pixels)
    return pixels.reshape(image.size[1], image.size[0], -1)[..., 0]


def hair_mask(skins: Path, hairline: str, soften: float = 6.0) -> Floats:
    """A picture (2048², 0..1, row 0 at V = 0) of how much hair grows where."""
    image = bpy.data.images.load(str(skins / HAIRLINE[hairline]), check_existing=True)
    pixels = np.empty(len(image.pixels), np.float32)
    image.pixels.foreach_get(pixels)
    light = pixels.reshape(image.size[1], image.size[0], 4)[..., :3].mean(-1)
    dark = ndimage.gaussian_filter(light, 3) < (0.42 if hairline == "soft" else 0.14)
    labels, count = ndimage.label(dark)
    u0 = int(0.62 * light.shape[1])  # the head lies in the right third of the texture
    sizes = np.bincount(labels[:, u0:].ravel(), minlength=count + 1)
    sizes[0] = 0
    scalp = np.isin(labels, [i for i in np.argsort(sizes)[-2:] if sizes[i] > 20_000])
    scalp[:, :u0] = False
    return ndimage.gaussian_filter(scalp.astype(np.float64), soften)


def mask_image(mask: Floats) -> bpy.types.Image:
    """The mask as a Blender image (512², data), for the skin material."""
    small = mask[::4, ::4].astype(np.float32)
    image = bpy.data.images.new("scalp", small.shape[1], small.shape[0], is_data=True)
    image.pixels.foreach_set(np.repeat(small.ravel(), 4))
    image.update()
    image.pack()
    return image


def beard_chance(points: Floats, lips: Floats, marks: BeardMarks) -> Floats:
    """How likely a beard hair grows at each point (0..1); `lips` is the lip mask there."""
    x, y, z = np.abs(points[:, 0]), points[:, 1], points[:, 2]

    def above(low: Floats | float, value: Floats, soft: float) -> Floats:
        return 1 / (1 + np.exp(-(value - low) / soft))

    # The cheek line runs from the mouth's corner up to the sideburn in front of the ear.
    t = np.clip((x - marks.corner_x) / (marks.burn_x - marks.corner_x), 0, 1)
    cheek = marks.mouth_z - 0.004 + (marks.burn_z - marks.mouth_z) * t**2.6
    jaw = (
        above(z, cheek, 0.0022) * above(marks.chin_z - 0.022, z, 0.004) * above(y, np.full_like(y, marks.ear_y), 0.004)
    )
    moustache = (
        above(z, np.full_like(z, marks.nose_z - 0.002), 0.0012)
        * above(marks.mouth_z - 0.002, z, 0.001)
        * above(x, np.full_like(x, marks.corner_x + 0.003), 0.002)
        * above(y, np.full_like(y, marks.front_y + 0.035), 0.003)
    )
    under_lip = (x < marks.corner_x * 0.95) & (z > marks.mouth_z - 0.013) & (z < marks.mouth_z)
    jaw = np.where(under_lip, jaw * 0.15, jaw)
    return np.clip(np.maximum(jaw, moustache), 0, 1) * (1 - np.clip(lips * 2.5, 0, 1))


def look_up(mask: Floats, uv: Floats) -> Floats:
    """Nearest mask value at texture coordinates."""
    h, w = mask.shape
    x = np.clip((uv[:, 0] * w).astype(int), 0, w - 1)
    y = np.clip((uv[:, 1] * h).astype(int), 0, h - 1)
    return mask[y, x]


class Skull:
    """The outside of head, neck and shoulders as a cloud that pushes strands out."""

    def __init__(self, samples: Samples) -> None:
        self.samples = samples
        self.tree = cKDTree(samples.points)

    def push(self, points: Floats, margin: Floats) -> tuple[Floats, Floats, Floats]:
        """Points moved to at least `margin` metres outside, the local normals, and the old distances."""
        _, index = self.tree.query(points, k=4)
        normal = self.samples.normals[index].mean(1)
        normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-9)
        distance = np.einsum("nc,nc->n", points - self.samples.points[index].mean(1), normal)
        lift = np.maximum(margin - distance, 0.0)
        return points + lift[:, None] * normal, normal, distance
