"""Where on the canonical head mouth, eyes and brows are, and what is measured there."""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from avatard.canonical import neutral
from avatard.face_mesh import INNER_LIPS, LEFT_BROW, LEFT_EYE, LEFT_IRIS, RIGHT_BROW, RIGHT_EYE, RIGHT_IRIS
from avatard.geometry import ring_opening

Local = npt.NDArray[np.float32]
"""478x3: landmarks in the head's own frame, in eye distances."""

#: Upper and lower inner-lip landmarks that meet when the mouth is closed, right corner to left.
UPPER_LIP: Final = np.array(INNER_LIPS[1:10])
LOWER_LIP: Final = np.array([INNER_LIPS[-k] for k in range(1, 10)])
MIDDLE: Final = slice(3, 6)  # of those, the three in the middle
CHIN: Final = np.array((152, 148, 377, 175))
#: (eye ring, iris, brow) of the left and the right side, in the order of ARKit's names.
EYES: Final = (np.array(LEFT_EYE), np.array(RIGHT_EYE))
IRISES: Final = (np.array(LEFT_IRIS), np.array(RIGHT_IRIS))
BROWS: Final = (np.array(LEFT_BROW), np.array(RIGHT_BROW))
RINGS: Final = (LEFT_EYE, RIGHT_EYE)
#: What `measure` measures.
MEASURES: Final = (
    "gap", "chin", "width", "liftLeft", "liftRight", "lidLeft", "lidRight", "browLeft", "browRight",
    "irisLeftX", "irisRightX", "irisLeftY", "irisRightY",
)  # fmt: skip
AT: Final = {name: index for index, name in enumerate(MEASURES)}


def measure(local: Local) -> npt.NDArray[np.float64]:
    """The `MEASURES` of a face.

    gap: between the lips; chin: below the nose; width: of the mouth; lift: of a mouth's corner above the lips' middle
    line; brow: height over the eye's corners (all in eye distances); lid: opening over the eye's width; iris: place
    between the eye's corners over the eye's width.
    """
    corners = local[[61, 291]]
    lips = float(local[[0, 17], 1].mean())
    lids = [ring_opening(local, ring) for ring in RINGS]
    ends = [local[eye[[0, 8]]] for eye in EYES]
    brows = [end[:, 1].mean() - local[brow, 1].mean() for end, brow in zip(ends, BROWS, strict=True)]
    wide = [max(float(np.hypot(*(end[0] - end[1])[:2])), 1e-6) for end in ends]
    look = [(local[iris[0], :2] - end[:, :2].mean(0)) / w for iris, end, w in zip(IRISES, ends, wide, strict=True)]
    return np.array(
        [
            (local[LOWER_LIP[MIDDLE], 1] - local[UPPER_LIP[MIDDLE], 1]).mean(),
            local[CHIN, 1].mean() - local[2, 1],
            np.hypot(*(corners[1] - corners[0])[:2]),
            lips - corners[1, 1],
            lips - corners[0, 1],
            *lids,
            *brows,
            look[0][0],
            look[1][0],
            look[0][1],
            look[1][1],
        ],
        np.float64,
    )


@cache
def rest() -> npt.NDArray[np.float64]:
    """`measure` of the canonical head."""
    return measure(neutral())


class Masks(NamedTuple):
    """478 weights 0..1 each: how much a landmark belongs to a region, and how far FaceMesh can be trusted there."""

    mouth: npt.NDArray[np.float32]
    brows: npt.NDArray[np.float32]
    trust: npt.NDArray[np.float32]


@cache
def masks() -> Masks:
    """Smooth in the canonical head's plane, so that no gain makes a crease."""
    x, y = neutral()[:, 0], neutral()[:, 1]
    mouth = smoothstep((y - 0.42) / 0.2)
    brows = smoothstep((-0.03 - y) / 0.08)
    # The outline above the jaw slides along the head as it turns: its movement is the tracker's, not the face's.
    outer = smoothstep((np.hypot(x, np.minimum(y - 0.45, 0) * 0.9) - 0.6) / 0.25)
    return Masks(mouth.astype(np.float32), brows.astype(np.float32), (1 - 0.75 * outer).astype(np.float32))


def smoothstep(x: npt.NDArray[np.floating] | float) -> npt.NDArray[np.floating]:
    """0 below 0, 1 above 1, with a continuous slope between."""
    t = np.clip(x, 0.0, 1.0)
    return np.asarray(t * t * (3 - 2 * t))
