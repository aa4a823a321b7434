"""Lips of a driver on the canonical mouth: closed stays closed, exactly (p, b, m)."""

from __future__ import annotations

from typing import Final

import numpy as np

from avatard.drive.regions import LOWER_LIP, UPPER_LIP, Local
from avatard.easing import smoothstep

#: Lips this near to their closed gap (eye distances) are closed; from the second on the gap is the driver's own.
#: FaceMesh's closed lips are -0.003..0.003 apart on ten real clips.
SHUT, FREE = 0.005, 0.02
#: No mouth opens further, in eye distances; the canonical jaw opens it by 0.41.
WIDEST: Final = 0.5


def close(moved: Local, local: Local, closed_gap: float, gain: float) -> None:
    """Give the inner lips of `moved` (a displacement of the canonical head, in place) the driver's own gaps.

    closed_gap: the driver's, when the mouth is closed. gain: canonical mouth size over the driver's. The lips' middle
    stays where `moved` has it; the canonical lips at rest touch, so what separates them is the displacement alone.
    """
    gap = local[LOWER_LIP, 1] - local[UPPER_LIP, 1] - np.float32(closed_gap)
    free = smoothstep((gap - SHUT) / (FREE - SHUT))
    apart = moved[LOWER_LIP] - moved[UPPER_LIP]
    apart *= free[:, None].astype(np.float32)
    apart[:, 1] = np.minimum(gap * np.float32(gain), WIDEST) * free
    middle = (moved[LOWER_LIP] + moved[UPPER_LIP]) / 2
    moved[UPPER_LIP] = middle - apart / 2
    moved[LOWER_LIP] = middle + apart / 2
