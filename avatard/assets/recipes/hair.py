"""Hair as strands: roots on the scalp, grown step by step along a style's flow, never through the head.

All lengths are metres. A style is a flow field with a length; `grow` marches every strand at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import bpy
import numpy as np
from anatomy import Floats
from scalp import Samples, Skull
from scipy.spatial import cKDTree

DOWN = np.array([0.0, 0.0, -1.0])


@dataclass(frozen=True)
class Style:
    """How hair lies. `name` picks the flow; `shape` holds that flow's own numbers."""

    name: str
    count: int = 70_000
    steps: int = 10
    radius: float = 0.00012
    clump: float = 0.35
    clumps: int = 1200
    frizz: float = 0.0012
    hairline: str = "short"
    colour: tuple[float, float, float] = (0.02, 0.012, 0.008)
    variation: float = 0.25
    shape: Mapping[str, float] = field(default_factory=dict)


def unit(v: Floats) -> Floats:
    """Rows scaled to length one."""
    return v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-9)


def ease(low: float, high: float, x: Floats) -> Floats:
    """Smoothstep."""
    t = np.clip((x - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


@dataclass(frozen=True)
class Frame:
    """Head landmarks for the flows: crown height, brow height, ear height, and the middle of the skull."""

    top: float
    brow: float
    ear: float
    middle: Floats


Flow = Callable[[Floats, Floats, Frame, Mapping[str, float]], Floats]


def crop(p: Floats, n: Floats, f: Frame, s: Mapping[str, float]) -> Floats:
    """Short hair: forward or back on top with a sweep to one side, down at the sides."""
    up = ease(f.brow, f.top, p[:, 2])[:, None]
    top = np.array([s.get("sweep", 0.35), -s.get("forward", 1.0), 0.0])
    sides = np.array([0.0, -0.15, -1.0])
    return unit(up * top + (1 - up) * sides + s.get("lift", 0.45) * (0.4 + up) * n)


def back(p: Floats, n: Floats, f: Frame, s: Mapping[str, float]) -> Floats:
    """Combed back over the head to a knot behind the crown."""
    knot = np.array([0.0, f.middle[1] + s.get("knot_back", 0.105), f.ear + s.get("knot_up", 0.06)])
    return unit(unit(knot - p) + s.get("lift", 0.0) * n)


def fall(p: Floats, n: Floats, f: Frame, s: Mapping[str, float]) -> Floats:
    """Parted hair: off the parting, back from the face, then down, sliding along head and shoulders."""
    side = np.sign(p[:, 0] - s.get("part", 0.012))[:, None]
    crown = (1 - ease(0.0, 0.045, f.top - p[:, 2]))[:, None]
    face = (ease(f.ear - 0.03, f.brow, p[:, 2]) * ease(f.middle[1] - 0.03, f.middle[1] - 0.08, p[:, 1]))[:, None]
    away = side * np.array([1.0, 0.0, 0.0]) + np.array([0.0, s.get("back", 0.35), 0.0])
    clear = side * np.array([0.8, 0.0, 0.0]) + np.array([0.0, s.get("clear", 0.9), 0.0])
    below = ease(f.ear + 0.02, f.ear - 0.06, p[:, 2])[:, None]
    hug = below * (np.array([0.0, s.get("behind", 0.0), 0.0]) - side * np.array([s.get("inward", 0.12), 0.0, 0.0]))
    v = DOWN + 0.8 * crown * away + face * clear + hug
    return unit(v - n * np.minimum(0, np.einsum("nc,nc->n", v, n))[:, None])


def coils(p: Floats, n: Floats, f: Frame, s: Mapping[str, float]) -> Floats:
    """Straight out from the middle of the skull: the axis of an afro's coils."""
    return unit(p - f.middle + 0.02 * n)


def beard(p: Floats, n: Floats, f: Frame, s: Mapping[str, float]) -> Floats:
    """Down and a little outwards, following the jaw."""
    return unit(
        DOWN + np.sign(p[:, :1]) * np.array([0.25, 0.0, 0.0]) + np.array([0.0, 0.25, 0.0]) + s.get("lift", 0.5) * n
    )


FLOWS: dict[str, Flow] = {"crop": crop, "back": back, "fall": fall, "coils": coils, "beard": beard}


def lengths(roots: Samples, style: Style, frame: Frame, rng: np.random.Generator) -> Floats:
    """Strand lengths: `sides` at the ears to `top` at the crown, or down to the height `tip`."""
    s, p = style.shape, roots.points
    vary = rng.uniform(0.82, 1.08, len(p))
    if style.name == "fall":
        tip = frame.ear - s["drop"]
        over = np.clip(p[:, 2] - tip, 0.02, None) + 0.55 * np.abs(p[:, 0]) * (p[:, 2] > frame.ear)
        return (over * 1.12 + 0.02) * rng.uniform(0.9, 1.03, len(p))
    if style.name == "beard":
        return s.get("length", 0.006) * vary
    if style.name == "back":
        knot = np.array([0.0, frame.middle[1] + s.get("knot_back", 0.105), frame.ear + s.get("knot_up", 0.06)])
        return np.linalg.norm(p - knot, axis=1) * 1.12
    up = ease(frame.ear - 0.01, frame.top - 0.035, p[:, 2])
    front = ease(frame.middle[1], frame.middle[1] - 0.09, p[:, 1]) if s.get("quiff") else np.zeros(len(p))
    return (s.get("sides", 0.009) * (1 - up) + s.get("top", 0.035) * up * (1 + s.get("quiff", 0) * front)) * vary


def grow(roots: Samples, skull: Skull, style: Style, frame: Frame, rng: np.random.Generator) -> Floats:
    """March all strands: (n, steps + 1, 3) points."""
    s, flow = style.shape, FLOWS[style.name]
    p, n = roots.points.copy(), roots.normals
    total = lengths(roots, style, frame, rng)
    step = (total / style.steps)[:, None]
    margin = rng.random(len(p)) ** 1.5 * s.get("volume", 0.004) + 0.0008
    wobble = rng.normal(0, s.get("mess", 0.12), p.shape)
    d = unit(s.get("rise", 0.8) * n + flow(p, n, frame, s) + wobble)
    line = [p]
    for k in range(style.steps):
        d = unit((1 - s.get("follow", 0.45)) * d + s.get("follow", 0.45) * unit(flow(p, n, frame, s) + 0.6 * wobble))
        d = unit(d + s.get("weight", 0.0) * DOWN)
        moved = p + d * step
        grown = min(1.0, (k + 1) / 3)
        moved, n, _ = skull.push(moved, margin * grown)
        d, p = unit(moved - p), moved
        line.append(p)
    lines = np.stack(line, 1)
    return lines[np.abs(lines[..., 0]).max(1) < s.get("width", 1.0)]  # no wings over the shoulders


def dress(line: Floats, style: Style, rng: np.random.Generator) -> Floats:
    """Gather strands into locks, then add waves, coils and frizz, growing from root to tip."""
    count, points, _ = line.shape
    along = np.linspace(0, 1, points)[None, :, None]
    guides = rng.choice(count, min(style.clumps, count), replace=False)
    _, near = cKDTree(line[guides, 0]).query(line[:, 0])
    pull = style.clump * along**1.3 * rng.uniform(0.6, 1.0, (count, 1, 1))
    line = line + pull * (line[guides[near]] - line)
    radius = style.shape.get("coil", 0.0)
    if radius:
        turns = style.shape.get("turns", 6.0)
        phase = rng.uniform(0, 2 * np.pi, len(guides))[near][:, None] + rng.normal(0, 0.5, (count, 1))
        angle = phase + 2 * np.pi * turns * along[..., 0]
        axis = unit(line[:, -1] - line[:, 0])
        a = unit(np.cross(axis, rng.normal(size=axis.shape)))
        b = np.cross(axis, a)
        grow_in = np.minimum(1, along * 4)
        line = line + radius * grow_in * (np.cos(angle)[..., None] * a[:, None] + np.sin(angle)[..., None] * b[:, None])
    drift = np.cumsum(rng.normal(0, 1, line.shape), axis=1) / np.sqrt(points)
    return line + style.frizz * along * drift


def build(lines: Floats, radius: float, material: bpy.types.Material, name: str = "hair") -> bpy.types.Object:
    """A Blender curves object that Cycles renders as tapering strands."""
    count, points, _ = lines.shape
    data = bpy.data.hair_curves.new(name)
    data.add_curves([points] * count)
    data.attributes["position"].data.foreach_set("vector", lines.astype(np.float32).ravel())
    taper = (radius * np.interp(np.linspace(0, 1, points), [0, 0.6, 1], [1, 0.9, 0.25])).astype(np.float32)
    thick = data.attributes.get("radius") or data.attributes.new("radius", "FLOAT", "POINT")
    thick.data.foreach_set("value", np.tile(taper, count))
    data.materials.append(material)
    thing = bpy.data.objects.new(name, data)
    bpy.context.collection.objects.link(thing)
    return thing
