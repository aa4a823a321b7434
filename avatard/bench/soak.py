"""Whether something grew over a soak."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import numpy.typing as npt

from avatard.bench.result import Soak
from avatard.bench.window import Moment

#: Caches and pools fill at first: that is no leak. The rest of the soak must be level.
WARM_UP_SHARE = 0.2


def soak(moments: list[Moment]) -> Soak:
    """Trends over the moments, and their course by the minute. Moments in which nothing was delivered are left out."""
    live = [moment for moment in moments if not np.isnan(moment.age_p50_ms)]
    at_s = [moment.at_s for moment in live]
    minutes = [
        (float(minute), float(np.median([m.own_mb for m in part])), float(np.median([m.age_p50_ms for m in part])))
        for minute, part in ((key, list(group)) for key, group in groupby(live, lambda m: m.at_s // 60))
    ]
    return Soak(
        growth_mb=growth(at_s, [moment.own_mb for moment in live]),
        age_drift_ms=growth(at_s, [moment.age_p50_ms for moment in live]),
        minutes=minutes,
    )


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
