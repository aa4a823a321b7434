"""What each viseme does to lips, jaw and tongue, as units of `Motion`.

Sizes are those of people who talk, not of people who show how a sound is made: tuned on renders of `mesh` and `meshnet`
against the lip gaps of the ten speakers in ../shared/data/clips (`benchmarks/closures.py` prints both).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from avatard.motion import UNIT, UNITS
from avatard.speech.lips.visemes import Viseme

Units = npt.NDArray[np.float32]
"""`len(UNITS)` float32, as of `Motion`."""


def units(**values: float) -> Units:
    """Units by name; one without its side (`mouthPress`) is that of both."""
    out = np.zeros(len(UNITS), np.float32)
    for name, value in values.items():
        for unit in (name,) if name in UNIT else (f"{name}Left", f"{name}Right"):
            out[UNIT[unit]] = value
    return out


class Shape(NamedTuple):
    """One viseme. units: at full strength. dominance: how much it insists on itself beside its neighbours (Cohen and
    Massaro, "Modeling coarticulation in synthetic visual speech", 1993)."""

    units: Units
    dominance: float


#: Lips that must meet (PP, FF) press: they hold a jaw that goes on moving, and a smile. What would cross meets in the
#: middle. Among the other sounds these two pull little: their closing lies on top (`articulation.py`).
SHAPES: Final = {
    Viseme.SIL: Shape(units(), 0.4),
    Viseme.PP: Shape(
        units(mouthClose=0.1, mouthPress=0.12, mouthRollLower=0.35, mouthRollUpper=0.2, mouthPucker=0.15), 0.3
    ),
    Viseme.FF: Shape(units(mouthClose=0.14, mouthRollLower=1.0, mouthUpperUp=0.35), 0.3),
    Viseme.TH: Shape(units(jawOpen=0.15, mouthLowerDown=0.15, mouthUpperUp=0.05, tongueBetween=0.8, tongueUp=0.5), 0.6),
    Viseme.DD: Shape(units(jawOpen=0.13, mouthLowerDown=0.18, mouthUpperUp=0.06, tongueUp=0.8, tongueTeeth=0.7), 0.4),
    Viseme.KK: Shape(units(jawOpen=0.2, mouthLowerDown=0.1), 0.3),
    Viseme.CH: Shape(units(jawOpen=0.02, mouthFunnel=0.62, mouthPucker=0.4, mouthUpperUp=0.06), 0.85),
    Viseme.SS: Shape(units(jawOpen=0.05, mouthStretch=0.2, mouthLowerDown=0.22, mouthUpperUp=0.12), 0.7),
    Viseme.NN: Shape(units(jawOpen=0.14, mouthLowerDown=0.13, tongueUp=0.9, tongueTeeth=0.4), 0.35),
    Viseme.RR: Shape(units(jawOpen=0.1, mouthFunnel=0.42, mouthPucker=0.35), 0.65),
    Viseme.AA: Shape(units(jawOpen=0.53, mouthLowerDown=0.18, mouthUpperUp=0.1), 0.85),
    Viseme.E: Shape(units(jawOpen=0.37, mouthStretch=0.2, mouthSmile=0.08, mouthLowerDown=0.2), 0.75),
    Viseme.IH: Shape(units(jawOpen=0.2, mouthStretch=0.22, mouthSmile=0.18, mouthLowerDown=0.2), 0.75),
    Viseme.OH: Shape(units(jawOpen=0.38, mouthFunnel=0.4, mouthPucker=0.55), 0.9),
    Viseme.OU: Shape(units(jawOpen=0.08, mouthFunnel=0.35, mouthPucker=0.95), 0.95),
}
#: 15 x `len(UNITS)`: the shapes in the order of `Viseme`, for blending by weights.
TABLE: Final = np.stack([SHAPES[viseme].units for viseme in Viseme])
#: What lips that are closed keep of the shape they have between closures.
KEPT: Final = units(
    jawOpen=0.4, mouthPucker=0.6, mouthSmile=0.8, mouthFrown=1.0, mouthStretch=0.5, mouthDimple=1.0, mouthShrugLower=1.0
)
_JAW, _CLOSE = UNIT["jawOpen"], UNIT["mouthClose"]
_LIPS, _TEETH = SHAPES[Viseme.PP].units, SHAPES[Viseme.FF].units


def closed(open_: Units, lips: float, teeth: float) -> Units:
    """The mouth between sounds, closed as far as it must be: then jaw and corners go on, and the lips meet."""
    most = max(lips, teeth)
    if most <= 0:
        return open_
    shut = KEPT * open_
    shut[_CLOSE] += shut[_JAW]
    pressed = np.float32(lips / (lips + teeth)) * _LIPS + np.float32(teeth / (lips + teeth)) * _TEETH
    # Lips press when they have met: pressing on their way they would meet too early.
    return np.asarray(open_ + np.float32(most) * (shut - open_) + np.float32(most**2) * pressed, np.float32)
