"""Motion to output: from the performer's mouth being half open to a picture in the reader's hands that shows it so.

How far the avatar's mouth is open is read from its pixels alone: where a picture lies between those in which the mouth
had been shut, and wide, for a while. So no knowledge of lips, teeth or beard is needed, and the engine's filters,
gains and the tracker's smoothing are all inside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from avatard.bench import cue
from avatard.bench.notebook import Box, Seen
from avatard.face_mesh import INNER_LIPS
from avatard.timing import Percentiles

if TYPE_CHECKING:
    from avatard.avatar import Avatar

#: Shut and wide must differ by so many times what pictures of one of them differ among themselves; else the mouth is
#: not to be seen, as with an engine that does not move it.
_CLEAR = 6.0
#: Of each there must be so many pictures.
_FEWEST = 4
#: Around the lips, in their widths: to each side, above, and below where the jaw goes.
_SIDE, _ABOVE, _BELOW = 0.2, 0.2, 0.7


@dataclass(frozen=True, slots=True)
class Motion:
    """lag_ms: over the openings found. openings: how many there were; found: in how many the mouth was seen to pass
    from less than half to more than half open."""

    lag_ms: Percentiles
    openings: int
    found: int


def mouth_box(avatar: Avatar, width: int, height: int) -> Box:
    """Where the mouth is when `avatar` holds still in a picture of that size, with room for the jaw."""
    from avatard.reenact.compose import compose

    scene = compose(avatar, width, height)
    lips = scene.landmarks[list(INNER_LIPS), :2] - scene.margin
    (left, top), (right, bottom) = lips.min(0), lips.max(0)
    across = float(right - left)
    x0, y0 = (_even(value) for value in (left - _SIDE * across, top - _ABOVE * across))
    x1, y1 = (_even(value) for value in (right + _SIDE * across, bottom + _BELOW * across))
    x0, y0, x1, y1 = max(0, x0), max(0, y0), min(width, x1), min(height, y1)
    return Box(x0, y0, x1 - x0, y1 - y0)


def measure(seen: Seen, started_ns: int, until_ns: int) -> Motion | None:
    """What a reader saw of a `CuedPerformer` whose first frame was due at `started_ns`. None where the mouth's
    movement is not to be seen in the pictures at all."""
    seen_ns = seen.sightings[:, 2]
    opened = openness(seen, started_ns)
    if opened is None:
        return None
    lags, shown = [], 0
    for opening in cue.openings(started_ns, until_ns):
        if not seen_ns.size or opening.half_ns < seen_ns[0]:
            continue
        shown += 1
        before = np.flatnonzero(seen_ns < opening.half_ns)
        passed = np.flatnonzero((seen_ns >= opening.half_ns) & (seen_ns < opening.closing_ns) & (opened >= 0.5))
        if before.size and passed.size and opened[before[-1]] < 0.5:
            lags.append(seen_ns[passed[0]] - opening.half_ns)
    return Motion(Percentiles.of_ns(np.asarray(lags, np.int64)), shown, len(lags))


def openness(seen: Seen, started_ns: int) -> npt.NDArray[np.float64] | None:
    """How far the mouth is open in each picture: 0 as when long shut, 1 as when long wide; None where the two look
    alike."""
    if not len(seen.mouths):
        return None
    mouths = seen.mouths.reshape(len(seen.mouths), -1).astype(np.float64)
    frame = cue.phase(seen.sightings[:, 1], started_ns)
    camera = seen.sightings[:, 0] >= 0
    shut, wide = (np.flatnonzero(camera & cue.settled(wide)[frame]) for wide in (False, True))
    if min(len(shut), len(wide)) < _FEWEST:
        return None
    # What looks different in the first half must do so in the second: pure noise would fit its own half.
    early = _level(mouths, _first_half(shut), _first_half(wide))
    low, high = early[shut[len(shut) // 2 :]], early[wide[len(wide) // 2 :]]
    if np.median(high) - np.median(low) < _CLEAR * max(_spread(low), _spread(high)):
        return None
    return _level(mouths, shut, wide)


def _spread(values: npt.NDArray[np.float64]) -> float:
    """As a standard deviation, but a picture torn in two or a face lost for once does not count."""
    low, high = np.percentile(values, (16, 84))
    return max(float(high - low) / 2, 1e-6)


def _first_half(rows: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    return rows[: len(rows) // 2]


def _level(
    mouths: npt.NDArray[np.float64], shut: npt.NDArray[np.intp], wide: npt.NDArray[np.intp]
) -> npt.NDArray[np.float64]:
    """Where each mouth lies on the way from those that are `shut` to those that are `wide`: 0 to 1."""
    low = np.median(mouths[shut], 0)
    across = np.median(mouths[wide], 0) - low
    level: npt.NDArray[np.float64] = (mouths - low) @ across / max(float(across @ across), 1e-9)
    return level


def _even(value: float) -> int:
    return round(value / 2) * 2
