"""How late the microphone should be: as old as the picture is, plus what the user likes, and never in a hurry."""

from __future__ import annotations

import math
from collections import deque
from statistics import median
from typing import TYPE_CHECKING, Final

from avatard.audio.delay import MOST_S, DelayLine

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: Ages, one a second, of which the middle one counts: a picture that was late for once moves nothing.
_AGES: Final = 3
#: An age that differs by less is none to follow: nobody sees it, and each step of the sound costs a little.
_DEAD_S: Final = 0.004
#: What the wish may be missed by before `status` says so.
_SHORT_S: Final = 0.005


class Follower:
    """Tells a `DelayLine` what to aim at. `look` is for one thread, everything else for any.

    picture_age_s: seconds from the camera to the sink, of the pictures of the last second; 0 or not a number while
    nothing is known, and then the last that was known holds. offset_ms: what the user likes the sound to be later.
    """

    def __init__(self, line: DelayLine, picture_age_s: Callable[[], float], offset_ms: float = 0.0) -> None:
        self.offset_ms = offset_ms
        self._line = line
        self._picture_age_s = picture_age_s
        self._ages: deque[float] = deque(maxlen=_AGES)
        self._age_s = 0.0

    def look(self) -> None:
        """Ask for the picture's age and follow it: to be called once a second."""
        age_s = self._picture_age_s()
        if math.isfinite(age_s) and 0 < age_s < MOST_S:
            self._ages.append(age_s)
            middle = median(self._ages)
            if abs(middle - self._age_s) > _DEAD_S:
                self._age_s = middle
        self._line.want_s = self.wanted_s

    @property
    def wanted_s(self) -> float:
        """The delay aimed at, from the mouth to the listener; where the devices take longer, it is theirs."""
        return max(0.0, self._age_s + self.offset_ms / 1e3)

    def status(self) -> Mapping[str, object]:
        """For `avatard status`, in ms. later_than_picture_ms: the offset that a call sees."""
        line = self._line
        short_s = line.least_s - self.wanted_s
        return {
            "delay_ms": round(1e3 * line.delay_s, 1),
            "wanted_ms": round(1e3 * self.wanted_s, 1),
            "picture_age_ms": round(1e3 * self._age_s, 1),
            "offset_ms": self.offset_ms,
            "later_than_picture_ms": round(1e3 * (line.delay_s - self._age_s), 1) if line.delay_s else 0.0,
            "least_ms": round(1e3 * line.least_s, 1),
            "why_not": f"the sound devices alone take {1e3 * line.least_s:.0f} ms" if short_s > _SHORT_S else "",
            "starved": line.starved,
            "cuts": line.cuts,
            "gaps": line.gaps,
        }
