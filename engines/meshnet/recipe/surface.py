"""One level of Catmull-Clark subdivision as a sparse matrix, so that a moving mesh is rounded by one product."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix

Quads = NDArray[np.int64]
Floats = NDArray[np.float64]


def subdivided(quads: Quads, vertices: int) -> tuple[csr_matrix, Quads]:
    """The matrix (new x old vertices) and the new quads, four for each old one in order, corner k first at corner k.

    New vertices: the old ones, then edges' points, then faces' points. Source: Catmull and Clark, "Recursively
    generated B-spline surfaces on arbitrary topological meshes", 1978; borders as uniform cubic B-splines.
    """
    n, corner = len(quads), np.arange(4)
    ends = np.sort(np.stack([quads, np.roll(quads, -1, 1)], -1).reshape(-1, 2), 1)
    edges, which, count = np.unique(ends, axis=0, return_inverse=True, return_counts=True)
    which = which.reshape(n, 4)
    total = vertices + len(edges) + n
    rows, columns, values = [], [], []

    def put(row: NDArray[np.int64], column: NDArray[np.int64], value: NDArray[np.float64] | float) -> None:
        row, column, value = np.broadcast_arrays(row, column, np.asarray(value, np.float64))
        rows.append(row.ravel()), columns.append(column.ravel()), values.append(value.ravel())

    face = vertices + len(edges) + np.arange(n)
    put(face[:, None], quads, 0.25)
    inner = count == 2
    at = vertices + np.arange(len(edges))
    put(at[:, None], edges, np.where(inner, 0.25, 0.5)[:, None])
    # An inner edge's point takes a quarter of each face's point: a sixteenth of its corners.
    shared = inner[which]
    put(at[which][..., None][shared], np.repeat(quads[:, None], 4, 1)[shared], 1 / 16)
    border = np.zeros(vertices, bool)
    border[edges[~inner]] = True
    valence = np.bincount(edges.ravel(), minlength=vertices)
    k = np.maximum(valence, 1).astype(float)
    old = np.arange(vertices)
    used = valence > 0
    put(old, old, np.where(border, 0.75, np.where(used, (k - 3) / k, 1.0)))
    ring = ~border
    for a, b in ((0, 1), (1, 0)):
        u, v = edges[:, a], edges[:, b]
        keep = ring[u]
        # 2R/n, R the mean of the edges' middles.
        put(u[keep], u[keep], 1 / k[u[keep]] ** 2)
        put(u[keep], v[keep], 1 / k[u[keep]] ** 2)
        rim = border[u] & ~inner
        put(u[rim], v[rim], 0.125)
    for c in corner:
        v = quads[:, c]
        keep = ring[v]
        put(np.repeat(v[keep][:, None], 4, 1), quads[keep], (0.25 / k[v[keep]] ** 2)[:, None])
    matrix = coo_matrix(
        (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=(total, vertices)
    ).tocsr()
    out = np.stack(
        [np.stack([quads[:, c], at[which[:, c]], face, at[which[:, c - 1]]], -1) for c in corner], 1
    ).reshape(-1, 4)
    return matrix, out


def subdivided_uv(uv: Floats) -> Floats:
    """Texture coordinates per corner (n x 4 x 2) for the quads of `subdivided`: (4n) x 4 x 2."""
    nxt, mid = np.roll(uv, -1, 1), uv.mean(1)
    half = (uv + nxt) / 2
    return np.stack([np.stack([uv[:, c], half[:, c], mid, half[:, c - 1]], 1) for c in range(4)], 1).reshape(-1, 4, 2)
