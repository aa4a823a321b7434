"""The instants at which lips meet: in the sound, from its phonemes; in the pictures, from the lips' gap."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from avatard.bench.in_step.lips import Lips, Series

#: A closing is looked for so far from where the sound says it is: what is further off is missing, not late.
_REACH_NS: Final = 150e6
#: Lips count as having opened within so long before and after it.
_AROUND_NS: Final = 250e6
#: Where the mouth opens less than this on one side, the closing has no edge there by which to tell its time.
_LEAST_RISE: Final = 0.05
#: The edge is where the gap passes this share of the way up.
_EDGE: Final = 0.35


@dataclass(frozen=True, slots=True)
class Closing:
    """Lips that should meet. heard_ns: the middle of the time that they must be closed in for the sound, monotonic."""

    heard_ns: float
    lips: bool  #: True for p, b, m: lip on lip; False for f, v: lip on teeth


@dataclass(frozen=True, slots=True)
class Seen:
    """One closing in the pictures.

    gap: the smallest gap there, as of `Lips`. seen_ns: the middle between its edges; None where it has none of its own:
    the mouth was hardly open before or after, or stayed closed from the one before or to the next.
    """

    closing: Closing
    gap: float
    seen_ns: float | None

    @property
    def late_ms(self) -> float | None:
        """How much later the sound is than the picture, in ms; below 0 it is early."""
        return None if self.seen_ns is None else (self.closing.heard_ns - self.seen_ns) / 1e6


def find(lips: Lips, closings: Sequence[Closing]) -> Iterator[Seen]:
    """Each of `closings` that there are pictures of, in order of time, in the pictures."""
    lips = lips.known()
    times = [closing.heard_ns for closing in closings]
    # Where it is nearer to the next one: two in a row must not claim the same dip.
    edges = [-np.inf, *((before + after) / 2 for before, after in itertools.pairwise(times)), np.inf]
    for closing, first_ns, last_ns in zip(closings, edges, edges[1:], strict=False):
        near = np.abs(lips.seen_ns - closing.heard_ns) <= _REACH_NS
        near &= (lips.seen_ns >= first_ns) & (lips.seen_ns < last_ns)
        if near.any():
            at = int(np.flatnonzero(near)[np.argmin(lips.gap[near])])
            left_ns, right_ns = _edges(lips, at)
            apart = first_ns < left_ns and right_ns < last_ns
            yield Seen(closing, float(lips.gap[at]), (left_ns + right_ns) / 2 if apart else None)


def closed_gap(lips: Lips) -> float:
    """The gap that is a closed mouth's in these pictures: what the tenth of them that is most closed stays below."""
    return float(np.quantile(lips.known().gap, 0.1))


def _edges(lips: Lips, at: int) -> tuple[float, float]:
    """When the lips close and open around the dip whose lowest picture is `at`; nowhere where they hardly do."""
    seen_ns, gap = lips.seen_ns, lips.gap
    first = int(np.searchsorted(seen_ns, seen_ns[at] - _AROUND_NS))
    last = int(np.searchsorted(seen_ns, seen_ns[at] + _AROUND_NS, "right"))
    rise = min(_rise(gap[first : at + 1][::-1]), _rise(gap[at:last]))
    if rise < _LEAST_RISE:
        return -np.inf, np.inf
    level = gap[at] + _EDGE * rise
    return _crossing(seen_ns[first : at + 1][::-1], gap[first : at + 1][::-1], level), _crossing(
        seen_ns[at:last], gap[at:last], level
    )


def _rise(gap: Series) -> float:
    """How far the lips open, going away from a closing, before they close again."""
    top = gap[0]
    for value in gap[1:]:
        if value < top - _LEAST_RISE:
            break
        top = max(top, value)
    return float(top - gap[0])


def _crossing(times: Series, gap: Series, level: float) -> float:
    """When the gap first passes `level`, going away from a closing, between two pictures as if it moved evenly."""
    after = int(np.argmax(gap > level))
    share = (level - gap[after - 1]) / (gap[after] - gap[after - 1])
    return float(times[after - 1] + share * (times[after] - times[after - 1]))


def lates(seen: Iterable[Seen]) -> Series:
    """How late the sound was, in ms, of those whose time is known."""
    return np.array([late for each in seen if (late := each.late_ms) is not None], np.float64)
