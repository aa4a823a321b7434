"""A small software renderer that remembers, for each pixel, which triangle it shows: enough for FaceMesh to find the
face, and exact for taking a landmark's pixel back to the mesh."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from anatomy import Floats
from numpy.typing import NDArray

SIZE = 640
#: Metres from the camera to the eyes, and pixels a metre there: a webcam's perspective, the head 2/3 of the picture.
DISTANCE, PIXELS = 0.75, 2900.0


@dataclass(frozen=True)
class Surface:
    """Triangles with a colour: `texture` looked up at `uv` (per corner), or one flat colour per corner."""

    name: str
    triangles: NDArray[np.int64]  # (n, 3) rows of the vertices given to `render`
    uv: Floats | None = None  # (n, 3, 2)
    texture: NDArray[np.uint8] | None = None  # BGR or BGRA
    colour: Floats | None = None  # (n, 3, 3) BGR 0..1


@dataclass(frozen=True)
class View:
    """A picture and the way back from it: surface, triangle and barycentric weights of each pixel."""

    pixels: NDArray[np.uint8]
    surface: NDArray[np.int64]  # HxW, -1 background
    triangle: NDArray[np.int64]
    weights: NDArray[np.float32]  # HxWx3


def project(points: Floats) -> Floats:
    """Camera-space points (x right, y down, z away, metres, origin between the eyes) in pixels; z as 1/depth."""
    k = DISTANCE / (DISTANCE + points[:, 2])
    centre = np.array([SIZE / 2, SIZE * 0.46])
    return np.column_stack([points[:, :2] * PIXELS * k[:, None] + centre, k])


def _rasterise(screen: Floats, triangles: NDArray[np.int64], depth: Floats) -> tuple[NDArray, NDArray]:
    """Nearest front-facing triangle per pixel against (and into) `depth`, and its barycentric weights."""
    ids = np.full(depth.shape, -1)
    weights = np.zeros((*depth.shape, 3), np.float32)
    corners = screen[triangles]
    a, b, c = corners[:, 0, :2], corners[:, 1, :2], corners[:, 2, :2]
    area = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    low = np.ceil(corners[..., :2].min(1)).astype(int).clip(0, SIZE)
    high = np.floor(corners[..., :2].max(1)).astype(int).clip(-1, SIZE - 1)
    # x right, y down: a counter-clockwise mesh seen from outside has negative area here.
    for i in np.flatnonzero((area < -1e-9) & (low <= high).all(1)):
        (x0, y0), (x1, y1) = low[i], high[i]
        x, y = np.meshgrid(np.arange(x0, x1 + 1), np.arange(y0, y1 + 1))
        u = ((b[i, 0] - x) * (c[i, 1] - y) - (b[i, 1] - y) * (c[i, 0] - x)) / area[i]
        v = ((c[i, 0] - x) * (a[i, 1] - y) - (c[i, 1] - y) * (a[i, 0] - x)) / area[i]
        w = 1 - u - v
        nearness = u * corners[i, 0, 2] + v * corners[i, 1, 2] + w * corners[i, 2, 2]
        box = np.s_[y0 : y1 + 1, x0 : x1 + 1]
        hit = (u >= -1e-6) & (v >= -1e-6) & (w >= -1e-6) & (nearness > depth[box])
        depth[box][hit] = nearness[hit]
        ids[box][hit] = i
        weights[box][hit] = np.stack([u, v, w], -1)[hit]
    return ids, weights


def _normals(points: Floats, triangles: NDArray[np.int64]) -> Floats:
    a, b, c = (points[triangles[:, k]] for k in range(3))
    face = np.cross(b - a, c - a)
    out = np.zeros_like(points)
    for k in range(3):
        np.add.at(out, triangles[:, k], face)
    return out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-12)


def render(points: Floats, surfaces: list[Surface], light: Floats, seed: int = 0) -> View:
    """Draw `surfaces` of camera-space `points` under one soft light from direction `light`."""
    screen = project(points)
    depth = np.zeros((SIZE, SIZE))
    y = np.linspace(0.55, 0.35, SIZE)[:, None, None]
    picture = np.broadcast_to(y * [1.0, 0.97, 0.94], (SIZE, SIZE, 3)).copy()
    which, triangle = np.full((SIZE, SIZE), -1), np.full((SIZE, SIZE), -1)
    weights = np.zeros((SIZE, SIZE, 3), np.float32)
    towards = np.asarray(light) / np.linalg.norm(light)
    for number, surface in enumerate(surfaces):
        glass = surface.texture is not None and surface.texture.shape[2] == 4
        ids, bary = _rasterise(screen, surface.triangles, depth.copy() if glass else depth)
        hit = ids >= 0
        t, w = ids[hit], bary[hit]
        normal = np.einsum("nk,nkc->nc", w, _normals(points, surface.triangles)[surface.triangles[t]])
        shade = 0.5 + 0.6 * np.clip(normal @ towards, 0, 1) ** 0.8
        colour, alpha = _paint(surface, t, w)
        picture[hit] += alpha * (colour * shade[:, None] - picture[hit])
        if not glass:
            which[hit], triangle[hit], weights[hit] = number, t, w
    picture = cv2.GaussianBlur(picture, (0, 0), 0.7)
    picture += np.random.default_rng(seed).normal(0, 0.008, picture.shape)
    return View((picture.clip(0, 1) * 255).astype(np.uint8), which, triangle, weights)


def _paint(surface: Surface, t: NDArray[np.int64], w: NDArray[np.float32]) -> tuple[Floats, Floats | float]:
    if surface.texture is None:
        assert surface.colour is not None
        return np.einsum("nk,nkc->nc", w, surface.colour[t]), 1.0
    assert surface.uv is not None
    height, width = surface.texture.shape[:2]
    u, v = np.einsum("nk,nkc->cn", w, surface.uv[t]).clip(0, 1)
    texel = surface.texture[((1 - v) * (height - 1)).astype(int), (u * (width - 1)).astype(int)] / 255
    return (texel[:, :3], texel[:, 3:]) if texel.shape[1] == 4 else (texel, 1.0)
