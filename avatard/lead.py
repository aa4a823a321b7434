"""How long after it is drawn a picture is seen: lips must be ahead by that, to be in step with the sound."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from avatard.timing import NS_PER_S

if TYPE_CHECKING:
    from avatard.timing import StageTimer

#: What lies between asking for a movement and the sink's having the picture.
_BETWEEN: Final = ("reenact", "seal", "output")
#: How often it is asked anew.
_AGAIN_NS: Final = NS_PER_S


class Lead:
    """The sum of what the stages typically (p50) take. One thread asks."""

    def __init__(self, timers: Mapping[str, StageTimer]) -> None:
        self._timers = [timers[name] for name in _BETWEEN]
        self._asked_ns = 0
        self._lead_ns = 0

    def ns(self, now_ns: int) -> int:
        """Nanoseconds; 0 before anything was drawn."""
        if now_ns - self._asked_ns >= _AGAIN_NS:
            self._asked_ns = now_ns
            self._lead_ns = round(sum(timer.typical_ns() for timer in self._timers))
        return self._lead_ns
