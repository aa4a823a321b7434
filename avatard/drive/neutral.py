"""The driver's own face at rest, as a running estimate: no calibration ritual, sane from the first frame."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from avatard.canonical import basis
from avatard.canonical import neutral as canonical_neutral
from avatard.drive.quantile import Measures, RunningQuantile
from avatard.drive.regions import AT, MEASURES, Local, measure, rest
from avatard.motion import UNIT

#: measure → lowest and highest value, quantile that is rest, lowest and highest rest of any person. The last two are
#: what 22 portraits and 10 talking clips showed, a little wider: beyond them it is expression, whoever it is.
TABLE: Final = {
    "gap": (-0.02, 0.06, 0.08, -0.005, 0.012),
    "chin": (0.3, 1.4, 0.15, 0.58, 0.92),
    "width": (0.25, 0.95, 0.5, 0.45, 0.61),
    "liftLeft": (-0.2, 0.3, 0.4, 0.0, 0.075),
    "liftRight": (-0.2, 0.3, 0.4, 0.0, 0.075),
    "lidLeft": (0.05, 0.45, 0.75, 0.13, 0.40),
    "lidRight": (0.05, 0.45, 0.75, 0.13, 0.40),
    "browLeft": (-0.05, 0.5, 0.5, 0.12, 0.30),
    "browRight": (-0.05, 0.5, 0.5, 0.12, 0.30),
    "irisLeftX": (-0.4, 0.4, 0.5, -0.05, 0.12),
    "irisRightX": (-0.4, 0.4, 0.5, -0.12, 0.05),
    "irisLeftY": (-0.4, 0.4, 0.5, -0.12, 0.0),
    "irisRightY": (-0.4, 0.4, 0.5, -0.12, 0.0),
}
#: Seconds: how long an expression may be held before it begins to count as rest, and how long the first guess holds.
MEMORY_S, PRIOR_S = 240.0, 2.0
#: How far the chin falls for each opening of the lips: 0.1–0.55 in ten talking clips.
CHIN_PER_GAP: Final = 0.3
#: Units that change each measure, to take an expression off a face: (unit, sign).
REMOVES: Final = {
    "gap": (("mouthClose", -1.0),),
    "chin": (("jawOpen", 1.0), ("mouthClose", 1.0)),
    "width": (("mouthStretchLeft", 1.0), ("mouthStretchRight", 1.0)),
    "liftLeft": (("mouthSmileLeft", 1.0),),
    "liftRight": (("mouthSmileRight", 1.0),),
    "lidLeft": (("eyeBlinkLeft", -1.0),),
    "lidRight": (("eyeBlinkRight", -1.0),),
    "browLeft": (("browDownLeft", -1.0),),
    "browRight": (("browDownRight", -1.0),),
}
COUNT: Final = len(REMOVES)


@cache
def _removal() -> npt.NDArray[np.float32]:
    """COUNTx1434: the displacement that raises one of the first COUNT measures by 1 and leaves the others."""
    moves = np.stack([sum(s * basis()[UNIT[u]] for u, s in parts) for parts in REMOVES.values()])
    step = 0.2  # of a unit: small enough for the ratios among the measures to be linear
    slope = np.stack([(measure(canonical_neutral() + step * m) - rest())[:COUNT] / step for m in moves])
    return np.asarray(np.linalg.inv(slope) @ moves.reshape(COUNT, -1), np.float32)


def _first_guess(measured: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Rest, from a single face that may be speaking: the jaw's opening taken back, the mouth's and the brows' shape
    half this face's, half the middle of what people's is."""
    guess: npt.NDArray[np.float64] = measured.copy()
    guess[AT["chin"]] -= CHIN_PER_GAP * max(measured[AT["gap"]], 0.0)
    for name in ("width", "liftLeft", "liftRight", "browLeft", "browRight"):
        *_, low, high = TABLE[name]
        guess[AT[name]] = (np.clip(measured[AT[name]], low, high) + (low + high) / 2) / 2
    return guess


class Neutral:
    """Learns from every face; `measures` and `shape` are the person's rest."""

    def __init__(self) -> None:
        columns = np.array([TABLE[name] for name in MEASURES]).T
        self._quantiles = RunningQuantile(Measures(*columns), MEMORY_S, PRIOR_S)
        self._bare: Local | None = None
        self._seen_s = 0.0

    def reset(self) -> None:
        """Forget this person."""
        self._quantiles.reset()
        self._bare = None

    @property
    def measures(self) -> npt.NDArray[np.float64]:
        """`MEASURES` at rest."""
        return self._quantiles.value

    @property
    def shape(self) -> Local:
        """478x3: the face at rest, in its own proportions."""
        assert self._bare is not None, "observe a face first"
        change = (self.measures - rest())[:COUNT].astype(np.float32)
        return self._bare + (change @ _removal()).reshape(self._bare.shape)

    def observe(self, local: Local, measured: npt.NDArray[np.float64], dt_s: float) -> None:
        """Take a face and its `measure`. Nobody's irises are believed while the lid is down."""
        learn = measured.copy()
        if self._bare is not None:
            lids, looks = learn[5:7], slice(9, 13)
            if (lids < 0.5 * self.measures[5:7]).any():
                learn[looks] = self.measures[looks]
        else:
            self._quantiles.start(_first_guess(measured))
        self._quantiles.observe(learn, dt_s)
        # What is left of the face when its measures are brought to the canonical ones is its bone and flesh: a mean.
        change = (measured - rest())[:COUNT].astype(np.float32)
        bare = local - (change @ _removal()).reshape(local.shape)
        if self._bare is None:
            self._bare, self._seen_s = bare, PRIOR_S / 4
        self._bare = self._bare + np.float32(dt_s / (self._seen_s + dt_s)) * (bare - self._bare)
        self._seen_s = min(self._seen_s + dt_s, MEMORY_S)
