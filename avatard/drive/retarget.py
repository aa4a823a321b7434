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

#: No landmark moves further than this, in eye distances: more than a wide open jaw is a tracker's mistake.
FURTHEST: Final = 0.6
#: How far one person's proportions are stretched to another's.
STRETCH: Final = (0.7, 1.4)
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
        brows = config.brows_gain * _stretch(rest()[brow].sum() / at_rest[brow].sum())
        region = masks()
        gain = region.trust * (1 + region.mouth * (mouth - 1)) * (1 + region.brows * (brows - 1))
        moved = ((local - neutral.shape) * gain[:, None]).clip(-FURTHEST, FURTHEST).astype(np.float32)
        lips.close(moved, local, float(at_rest[AT["gap"]]), mouth)

        direct = np.zeros(len(UNITS), np.float32)
        for name, value in self._eyes.units(measured, at_rest, yaw, config.eyes_gain).items():
            direct[UNIT[name]] = value
        for ring in (*EYES, *IRISES):
            moved[ring] = np.tensordot(direct, basis()[:, ring], 1)
        direct[UNIT["jawOpen"]], direct[UNIT["mouthClose"]] = _jaw(moved)
        units = direct + fit(moved - np.tensordot(direct, basis(), 1))
        _listen(units, moved, blendshapes)
        return units, moved - np.tensordot(units, basis(), 1)


def _stretch(ratio: float) -> float:
    return float(np.clip(ratio, *STRETCH))


def _jaw(moved: Local) -> tuple[float, float]:
    """jawOpen from the chin, and mouthClose from how much less the lips part than such a jaw would part them."""
    full = basis()[UNIT["jawOpen"]]
    jaw = float(np.clip(moved[CHIN, 1].mean() / full[CHIN, 1].mean(), 0, 1))
    gap, widest = ((m[LOWER_LIP[MIDDLE], 1] - m[UPPER_LIP[MIDDLE], 1]).mean() for m in (moved, full))
    return jaw, float(np.clip(jaw - gap / widest, 0, 1))


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
