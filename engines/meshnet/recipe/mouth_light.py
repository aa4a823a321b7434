"""Light that reaches the inside of the mouth through the opening between the lips."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Columns and rows of samples over the opening.
COLUMNS, ROWS = 10, 3
#: What light has met lips, gums and palate once already adds, as a share of the opening's solid angle.
BOUNCE = 0.45


def samples(upper: Floats, lower: Floats) -> tuple[Floats, Floats]:
    """Points on the opening (n x 3, metres) and their areas (n), between two edges (k x 3, corner to corner)."""
    along = np.linspace(0, 1, COLUMNS + 1)

    def at(edge: Floats, t: Floats) -> Floats:
        own = np.linspace(0, 1, len(edge))
        return np.stack([np.interp(t, own, edge[:, i]) for i in range(3)], -1)

    middle = (along[1:] + along[:-1]) / 2
    top, bottom = at(upper, middle), at(lower, middle)
    share = (np.arange(ROWS) + 0.5) / ROWS
    points = top[:, None] + (bottom - top)[:, None] * share[:, None]
    width = np.linalg.norm(np.diff((at(upper, along) + at(lower, along)) / 2, axis=0), axis=1)
    height = np.maximum(top[:, 2] - bottom[:, 2], 0)
    return points.reshape(-1, 3), np.repeat(width * height / ROWS, ROWS)


def received(points: Floats, normals: Floats, upper: Floats, lower: Floats) -> Floats:
    """Irradiance at points inside the mouth, 0..1 of what an open face gets; the face looks towards -Y.

    Lambert's form factor of each sample of the opening, plus a bounce that knows no direction.
    """
    at, area = samples(upper, lower)
    away = (at[None] - points[:, None]).astype(np.float32)
    square = (away**2).sum(-1) + 9e-6  # 3 mm: what lies at the opening itself is simply lit
    away /= np.sqrt(square)[..., None]
    leaving = np.clip(-away[..., 1], 0, 1)
    facing = np.clip(np.einsum("psk,pk->ps", away, normals.astype(np.float32)), 0, 1)
    solid = leaving * area / (np.pi * square)
    return np.clip((solid * facing).sum(1) + BOUNCE * solid.sum(1), 0, 1)
