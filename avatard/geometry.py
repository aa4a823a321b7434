"""Rigid motion in the picture's axes: x right, y down, z away from the viewer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.floating]


def similarity(
    a: Points, b: Points, weights: Points | None = None
) -> tuple[float, npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Scale s, rotation R (DxD) and translation t with b ≈ s·R·a + t, least squares over N points of D dimensions.

    Source: Umeyama, "Least-squares estimation of transformation parameters between two point patterns", 1991.
    `weights`: N, not negative. Raises ValueError when the points of `a` coincide.
    """
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    w = np.ones(len(a)) if weights is None else np.asarray(weights, np.float64)
    w = w / w.sum()
    mean_a, mean_b = w @ a, w @ b
    da, db = a - mean_a, b - mean_b
    variance = float(w @ (da**2).sum(1))
    if variance <= 0:
        raise ValueError("the points coincide: no similarity is defined")
    u, s, vt = np.linalg.svd((db * w[:, None]).T @ da)
    sign = np.ones(a.shape[1])
    sign[-1] = np.sign(np.linalg.det(u @ vt))
    rotation = (u * sign) @ vt
    scale = float(s @ sign) / variance
    return scale, rotation, mean_b - scale * rotation @ mean_a


def rotation_matrix(yaw: float, pitch: float, roll: float) -> npt.NDArray[np.float64]:
    """3x3 rotation, radians: yaw first (> 0 turns a face to the picture's right), then pitch (> 0 nods down), then
    roll (> 0 tilts clockwise as seen)."""
    cy, sy, cp, sp, cr, sr = (
        np.cos(yaw),
        np.sin(yaw),
        np.cos(pitch),
        np.sin(pitch),
        np.cos(roll),
        np.sin(roll),
    )
    about_y = np.array([[cy, 0, -sy], [0, 1, 0], [sy, 0, cy]])
    about_x = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    about_z = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    return np.asarray(about_z @ about_x @ about_y)


def euler(rotation: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Yaw, pitch, roll in radians of a 3x3 rotation: the inverse of `rotation_matrix` for |pitch| < 90°."""
    # R = Rz·Rx·Ry, so its last row is (cos p · sin y, sin p, cos p · cos y), its middle column (-sin r · cos p, …).
    pitch = np.arcsin(np.clip(rotation[2, 1], -1.0, 1.0))
    yaw = np.arctan2(rotation[2, 0], rotation[2, 2])
    roll = np.arctan2(-rotation[0, 1], rotation[1, 1])
    return np.array([yaw, pitch, roll])


def ring_opening(points: Points, ring: Sequence[int]) -> float:
    """How far a ring of landmarks (`face_mesh.py`: starts at a corner, upper half first) is open: the mean gap across
    its middle, down the picture, over its width. 0 is shut; below 0 the lower half lies above the upper."""
    half = len(ring) // 2
    upper, lower = list(ring[2 : half - 1]), [ring[-k] for k in range(2, half - 1)]
    width = float(np.linalg.norm(points[ring[0]] - points[ring[half]]))
    return float((points[lower, 1] - points[upper, 1]).mean()) / max(width, 1e-9)
