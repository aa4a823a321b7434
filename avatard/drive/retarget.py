"""A driver's face as an expression of the canonical head: displacement first, then its names.

The displacement is exact where it matters (lips meet when they meet, lids shut when they shut, irises by gaze) and the
driver's own, scaled by region, elsewhere. Units are what of it has a name; the rest is the residual.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from avatard.canonical import basis
from avatard.drive import lips
from avatard.drive.eyes import Eyes
from avatard.drive.fit import DIRECT, fit
from avatard.drive.regions import AT, CHIN, EYES, IRISES, LOWER_LIP, MIDDLE, UPPER_LIP, Local, masks, rest
from avatard.motion import ARKIT, UNIT, UNITS

if TYPE_CHECKING:
    from avatard.config import DriveConfig
    from avatard.drive.neutral import Neutral

Units = npt.NDArray[np.float32]

#: Landmarks that the eyes' units alone move.
RINGS: Final = np.concatenate([*EYES, *IRISES])
JAW, CLOSE = UNIT["jawOpen"], UNIT["mouthClose"]
#: No landmark moves further than this, in eye distances: more than a wide open jaw is a tracker's mistake.
FURTHEST: Final = 0.6
#: How far one person's proportions are stretched to another's.
STRETCH: Final = (0.7, 1.4)
#: FaceMesh moves chin and brows less than the face does: 0.58 and 0.45 of the truth on a rendered speaker whose units
#: are known, while the lips' movement is whole. About half of what is missing is given back: real faces have texture.
CHIN_LOST, BROWS_LOST = 1.3, 1.5
#: Likewise for the jaw's angle: the mean of what chin and lips say of it follows the truth best.
JAW_FROM_CHIN: Final = 0.5 / (0.58 * CHIN_LOST)
JAW_FROM_GAP: Final = 0.5
#: What blendshapes see and landmarks do not.
UNSEEN: Final = ("cheekPuff", "noseSneerLeft", "noseSneerRight", "jawForward", "tongueOut")
#: Weight of the Tasks API's blendshapes against the geometry, for units that both see.
BLENDSHAPES: Final = 0.4


class Retargeter:
    """Turns faces into units and residual, frame by frame."""

    def __init__(self) -> None:
        self._eyes = Eyes()

    def expression(
        self,
        local: Local,
        measured: npt.NDArray[np.float64],
        neutral: Neutral,
        yaw: float,
        config: DriveConfig,
        blendshapes: Mapping[str, float],
    ) -> tuple[Units, Local]:
        """Units (`motion.UNITS`) and residual (478x3, eye distances) of a face in the head's own frame, for which
        `canonical.displacement` is the whole displacement. `yaw` of the head in radians."""
        at_rest = neutral.measures
        mouth = config.mouth_gain * _stretch(rest()[AT["width"]] / at_rest[AT["width"]])
        brow = [AT["browLeft"], AT["browRight"]]
        brows = config.brows_gain * BROWS_LOST * _stretch(rest()[brow].sum() / at_rest[brow].sum())
        region = masks()
        gain = (
            region.trust
            * (1 + region.chin * np.float32(CHIN_LOST - 1))
            * (1 + region.mouth * np.float32(mouth - 1))
            * (1 + region.brows * np.float32(brows - 1))
        )
        moved = (local - neutral.shape) * gain[:, None]
        moved = np.minimum(np.maximum(moved, np.float32(-FURTHEST)), np.float32(FURTHEST))
        lips.close(moved, local, float(at_rest[AT["gap"]]), mouth)

        units = np.zeros(len(UNITS), np.float32)
        for name, value in self._eyes.units(measured, at_rest, yaw, config.eyes_gain).items():
            units[UNIT[name]] = value
        table = basis().reshape(len(UNITS), -1)
        named = (units @ table).reshape(moved.shape)
        moved[RINGS] = named[RINGS]
        units[JAW], units[CLOSE] = _jaw(moved)
        named += units[JAW] * basis()[JAW] + units[CLOSE] * basis()[CLOSE]
        units += fit(moved - named)
        if blendshapes:
            _listen(units, moved, blendshapes)
        return units, moved - (units @ table).reshape(moved.shape)


def _stretch(ratio: float) -> float:
    return min(max(float(ratio), STRETCH[0]), STRETCH[1])


def _jaw(moved: Local) -> tuple[float, float]:
    """jawOpen from chin and lips, and mouthClose from how much less the lips part than such a jaw would part them."""
    full_chin, full_gap = _chin_and_gap(basis()[JAW])
    chin, gap = _chin_and_gap(moved)
    jaw = JAW_FROM_CHIN * max(chin / full_chin, 0.0) + JAW_FROM_GAP * gap / full_gap
    jaw = min(max(jaw, 0.0), 1.0)
    return jaw, min(max(jaw - gap / full_gap, 0.0), 1.0)


def _chin_and_gap(moved: Local) -> tuple[float, float]:
    y = moved[:, 1]
    return float(y[CHIN].sum()) / len(CHIN), float((y[LOWER_LIP[MIDDLE]] - y[UPPER_LIP[MIDDLE]]).sum()) / 3


def _listen(units: Units, moved: Local, blendshapes: Mapping[str, float]) -> None:
    """Blend measured blendshapes into the names, in place. What landmarks see too stays as they see it (the residual
    makes up for the names); what they cannot see moves the face."""
    for name, value in blendshapes.items():
        unit = UNIT.get(name)
        if unit is None or unit >= len(ARKIT) or (name in DIRECT and name not in UNSEEN):
            continue
        value = min(max(value, 0.0), 1.0)
        if name in UNSEEN:
            moved += np.float32(value - units[unit]) * basis()[unit]
            units[unit] = value
        else:
            units[unit] += np.float32(BLENDSHAPES) * (value - units[unit])
