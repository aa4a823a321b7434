"""Where on the canonical head mouth, eyes and brows are, and what is measured there."""

from __future__ import annotations

from functools import cache
from math import hypot
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from avatard.canonical import neutral
from avatard.easing import smoothstep
from avatard.face_mesh import INNER_LIPS, LEFT_BROW, LEFT_EYE, LEFT_IRIS, RIGHT_BROW, RIGHT_EYE, RIGHT_IRIS

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
    gap, chin, wide, wide_y, lift_l, lift_r, *eyes = (_averages() @ local.reshape(-1)).tolist()
    left, right = eyes[:6], eyes[6:]
    (lid_l, brow_l, x_l, y_l), (lid_r, brow_r, x_r, y_r) = (
        (lid / w, brow, x / w, y / w)
        for (lid, brow, x, y, end_x, end_y) in (left, right)
        for w in (max(hypot(end_x, end_y), 1e-6),)
    )
    width = hypot(wide, wide_y)
    return np.array([gap, chin, width, lift_l, lift_r, lid_l, lid_r, brow_l, brow_r, x_l, x_r, y_l, y_r])


@cache
def _averages() -> npt.NDArray[np.float32]:
    """18x1434: differences of mean coordinates, as one matrix: thirteen small means cost 0.1 ms, this 0.01."""
    rows: list[npt.NDArray[np.float32]] = []

    def row(axis: int, plus: npt.NDArray[np.intp], minus: npt.NDArray[np.intp]) -> None:
        weights = np.zeros((478, 3), np.float32)
        weights[plus, axis] += 1 / len(plus)
        weights[minus, axis] -= 1 / len(minus)
        rows.append(weights.ravel())

    lips = np.array([0, 17])
    row(1, LOWER_LIP[MIDDLE], UPPER_LIP[MIDDLE])
    row(1, CHIN, np.array([2]))
    row(0, np.array([291]), np.array([61]))
    row(1, np.array([291]), np.array([61]))
    row(1, lips, np.array([291]))
    row(1, lips, np.array([61]))
    for eye, iris, brow in zip(EYES, IRISES, BROWS, strict=True):
        corners = eye[[0, 8]]
        row(1, eye[10:15][::-1], eye[2:7])
        row(1, corners, brow)
        row(0, iris[:1], corners)
        row(1, iris[:1], corners)
        row(0, eye[:1], eye[8:9])
        row(1, eye[:1], eye[8:9])
    return np.stack(rows)


@cache
def rest() -> npt.NDArray[np.float64]:
    """`measure` of the canonical head."""
    return measure(neutral())


class Masks(NamedTuple):
    """478 weights 0..1 each: how much a landmark belongs to a region, and how far FaceMesh can be trusted there."""

    mouth: npt.NDArray[np.float32]
    chin: npt.NDArray[np.float32]
    brows: npt.NDArray[np.float32]
    trust: npt.NDArray[np.float32]


@cache
def masks() -> Masks:
    """Smooth in the canonical head's plane, so that no gain makes a crease."""
    x, y = neutral()[:, 0], neutral()[:, 1]
    mouth = smoothstep((y - 0.42) / 0.2)
    chin = smoothstep((y - 0.97) / 0.2)
    brows = smoothstep((-0.03 - y) / 0.08)
    # The outline above the jaw slides along the head as it turns: its movement is the tracker's, not the face's.
    outer = smoothstep((np.hypot(x, np.minimum(y - 0.45, 0) * 0.9) - 0.6) / 0.25)
    return Masks(
        mouth.astype(np.float32),
        chin.astype(np.float32),
        brows.astype(np.float32),
        (1 - 0.75 * outer).astype(np.float32),
    )
