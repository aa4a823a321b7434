"""Naming an expression: the ARKit units whose sum comes nearest to a displacement of the canonical landmarks."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from avatard.canonical import basis
from avatard.drive.regions import EYES, IRISES
from avatard.motion import ARKIT, UNIT, UNITS

#: Measured directly (`retarget.py`), or invisible in landmarks.
DIRECT: Final = (
    *(name for name in ARKIT if name.startswith(("eyeBlink", "eyeWide", "eyeLook"))),
    "jawOpen", "mouthClose", "tongueOut",
)  # fmt: skip
FITTED: Final = np.array([UNIT[name] for name in ARKIT if name not in DIRECT])
#: Ridge, as a share of each unit's own squared displacement (brows move less than jaws): keeps opposing units from
#: growing against each other.
RIDGE: Final = 0.05
#: Small movements that look like parts of larger ones pay more, so that a smile is named a smile and not a dimple.
MINOR: Final = ("mouthDimple", "mouthPress", "mouthStretch", "mouthShrug", "mouthRoll", "cheekSquint", "noseSneer")
MINOR_RIDGE: Final = 0.4
#: Steps of projected gradient after the clipped least squares: the misfit then changes by less than 1 %.
STEPS: Final = 6


@cache
def _system() -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32], npt.NDArray[np.float32], np.float32]:
    """Weighted basis (nx1434), its regularised normal matrix, that one's inverse, and the gradient's step."""
    weight = np.ones(478, np.float32)
    for eye, iris in zip(EYES, IRISES, strict=True):
        weight[eye], weight[iris] = 0.2, 0.0
    rows = (basis()[FITTED] * weight[:, None] * np.array([1, 1, 0.5], np.float32)).reshape(len(FITTED), -1)
    plain = basis()[FITTED].reshape(len(FITTED), -1)
    normal = rows @ plain.T
    normal = (normal + normal.T) / 2
    ridge = [MINOR_RIDGE if UNITS[unit].startswith(MINOR) else RIDGE for unit in FITTED]
    normal += np.diag(ridge * np.diag(normal))
    step = 1 / np.linalg.eigvalsh(normal)[-1]
    return rows, normal.astype(np.float32), np.linalg.inv(normal).astype(np.float32), np.float32(step)


def fit(displacement: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """`len(UNITS)` float32: the fitted units 0..1 for a 478x3 displacement, the `DIRECT` ones 0."""
    rows, normal, inverse, step = _system()
    right = rows @ displacement.reshape(-1)
    found = _bounded(inverse @ right)
    for _ in range(STEPS):
        found = _bounded(found + step * (right - normal @ found))
    units = np.zeros(len(UNITS), np.float32)
    units[FITTED] = found
    return units


def _bounded(units: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    return np.asarray(np.minimum(np.maximum(units, 0), 1), np.float32)  # numpy's clip costs five times as much
