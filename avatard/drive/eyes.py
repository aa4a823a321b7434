"""Lids and gaze of a driver as units: shut is shut, and a gaze is held behind a closed lid."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from avatard.canonical import basis, neutral
from avatard.drive.limits import soft_limit
from avatard.drive.regions import AT, EYES, IRISES, measure, rest
from avatard.easing import ease, smoothstep
from avatard.motion import GAZE, UNIT

Measured = npt.NDArray[np.float64]
"""`regions.MEASURES` of a face."""

#: Lids this open, as a share of their rest, are shut; from the second on they are at rest; beyond the third, wide.
#: FaceMesh leaves 0–25 % of the opening in a full blink, and lids at rest flutter by 5 %.
SHUT, REST, WIDE = 0.28, 0.93, 1.08
#: Lids that differ by less than the first blink as one; by more than the second, each for itself.
SAME, WINK = 0.15, 0.45
#: Share of the common gaze in each eye's own: irises are the noisiest landmarks, and people rarely squint.
CONJUGATE: Final = 0.75
#: FaceMesh's irises go up and down less than the gaze does: 0.3–0.5 of the truth, and follow the lids.
GAZE_LOST: Final = np.array([1.2, 1.6])
#: Radians of yaw between which the eye that turns away is believed less and less.
FAR_FROM, FAR_TO = 0.2, 0.45
LIDS: Final = [AT["lidLeft"], AT["lidRight"]]
LOOKS: Final = [AT["irisLeftX"], AT["irisLeftY"], AT["irisRightX"], AT["irisRightY"]]


class Eyes:
    """Gives the units of the eyes; remembers where they looked before the lids fell."""

    def __init__(self) -> None:
        self._gaze = np.zeros((2, 2))

    def units(self, measured: Measured, at_rest: Measured, yaw: float, gain: float) -> dict[str, float]:
        """Blinks, wide eyes and gaze by name. `yaw` of the head in radians, > 0 to the picture's right."""
        far = _far(yaw)
        opening = far @ (measured[LIDS] / at_rest[LIDS])
        blink = _together(1 - np.clip((opening - SHUT) / (REST - SHUT), 0, 1))
        blink = 1 - (1 - blink) ** gain  # a gain moves what is between open and shut, not these two
        wide = np.clip((opening - WIDE) * gain * _per_wide(), 0, 1)
        gaze = self._look(measured, at_rest, far, blink) * gain
        left, right = soft_limit(gaze, 1.0)
        return {
            "eyeBlinkLeft": blink[0],
            "eyeBlinkRight": blink[1],
            "eyeWideLeft": wide[0],
            "eyeWideRight": wide[1],
            **dict(zip(GAZE, (*left, *right), strict=True)),
        }

    def _look(self, measured: Measured, at_rest: Measured, far: Measured, blink: Measured) -> Measured:
        """2x2: x and y of each eye in units of the eye's reach."""
        look = (measured[LOOKS] - at_rest[LOOKS]).reshape(2, 2) * _reach() * GAZE_LOST
        look = far @ look
        look = CONJUGATE * look.mean(0) + (1 - CONJUGATE) * look
        seen = (1 - smoothstep((blink - 0.3) / 0.4))[:, None]
        self._gaze = self._gaze + seen * (look - self._gaze)
        return self._gaze


def _together(blink: Measured) -> Measured:
    """Lids that differ a little are noise (a roll of the head, glasses): both take the mean. A wink differs a lot."""
    mean = blink.mean()
    wink = ease((abs(blink[0] - blink[1]) - SAME) / (WINK - SAME))
    return np.asarray(mean + wink * (blink - mean))


def _far(yaw: float) -> Measured:
    """2x2 mixing of left and right: the eye that turns away takes over what the near one does."""
    lost = ease((abs(yaw) - FAR_FROM) / (FAR_TO - FAR_FROM))
    mix = np.eye(2)
    side = 0 if yaw > 0 else 1  # turned to the picture's right, the subject's left eye is the far one
    mix[side] = [lost, lost]
    mix[side, side] = 1 - lost
    return mix


@cache
def _reach() -> Measured:
    """2: eye widths → reach of the gaze units, x and y."""
    eye, iris = EYES[0], IRISES[0][0]
    width = np.linalg.norm(neutral()[eye[0], :2] - neutral()[eye[8], :2])
    return np.asarray(width / np.array([basis()[UNIT["gazeLeftX"], iris, 0], basis()[UNIT["gazeLeftY"], iris, 1]]))


@cache
def _per_wide() -> float:
    """Share of the rest opening → strength of eyeWide."""
    lid = LIDS[0]
    return float(rest()[lid] / (measure(neutral() + basis()[UNIT["eyeWideLeft"]])[lid] - rest()[lid]))
