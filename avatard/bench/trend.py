"""Whether something grew over a soak."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

#: Caches and pools fill at first: that is no leak. The rest of the soak must be level.
WARM_UP_SHARE = 0.2


def growth(times: npt.ArrayLike, values: npt.ArrayLike) -> float:
    """Change of `values` over the span of `times` after the warm-up, by the least-squares line; 0 for fewer than three.

    A fitted line and not last minus first: one late sample must not make or hide a leak.
    """
    t, y = np.asarray(times, np.float64), np.asarray(values, np.float64)
    if t.size:
        warm = t >= t[0] + WARM_UP_SHARE * (t[-1] - t[0])
        t, y = t[warm], y[warm]
    if t.size < 3 or t[0] == t[-1]:
        return 0.0
    slope = np.polyfit(t - t[0], y, 1)[0]
    return float(slope * (t[-1] - t[0]))
