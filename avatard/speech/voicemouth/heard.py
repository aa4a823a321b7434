"""What was heard of the last seconds, by the instant at which it was spoken."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from avatard.speech.lips.visemes import Viseme

#: Entries kept: 2.5 s. No delay line is as long.
KEPT: Final = 256
#: An instant is the mean of what lies this near on both sides, by a Hann window: less and the mouth trembles (the
#: network's own noise), more and it mumbles.
NEAR_NS: Final = 45_000_000
#: Lips are on their way before the sound: real ones, on ten clips, are 20 to 40 ms ahead of what is heard, but closed
#: in the silence itself, and open with the burst.
LEAD_NS: Final = 30_000_000
#: Frames by which a closure reaches over its ends: closed lips must be seen in two pictures at 30 a second.
REACH: Final = 3
#: Sound that stops coming is held this long, and then fades away over as long.
HELD_NS: Final = 120_000_000

_SHARES = slice(0, len(Viseme))
_LIPS, _TEETH, _LOUD, _NOD = range(len(Viseme), len(Viseme) + 4)
_COLUMNS: Final = len(Viseme) + 4


class Moment(NamedTuple):
    """shares: of the visemes, sum 1. lips, teeth: 0..1, how far the lips have met, and the lower lip the teeth.
    loud: 0..1.2, how large the movement is, 0 while nobody speaks. nod: -1..1, of the head."""

    shares: npt.NDArray[np.float32]
    lips: float
    teeth: float
    loud: float
    nod: float


class Heard:
    """A ring of moments 10 ms apart. One thread adds, another asks: what is asked for lies far behind what is written,
    and `_count` says last what there is, so neither waits."""

    def __init__(self) -> None:
        self._times = np.zeros(KEPT, np.int64)
        self._rows = np.zeros((KEPT, _COLUMNS), np.float32)
        self._count = 0
        self._closed, self._until = 0.0, 0  # by a closure that was heard, and up to which moment

    def add(self, at_ns: int, moment: Moment) -> None:
        """The next moment; `at_ns` is when it was spoken (monotonic), later than all before."""
        index = self._count % KEPT
        row = self._rows[index]
        row[_SHARES] = moment.shares
        if moment.lips >= self._closed or self._count > self._until:
            self._closed, self._until = moment.lips, self._count + REACH
        row[_LIPS], row[_TEETH], row[_LOUD], row[_NOD] = self._closed, moment.teeth, moment.loud, moment.nod
        self._times[index] = at_ns
        self._count += 1
        if moment.lips:
            self.close(0, 0, moment.lips)

    def close(self, first: int, last: int, closed: float = 1.0) -> None:
        """Lips closed from `first` to `last` moments ago, 0 being the newest."""
        since = np.arange(self._count - 1 - first - REACH, self._count - last + REACH)
        at = since[(since >= 0) & (since < self._count)] % KEPT
        self._rows[at, _LIPS] = np.maximum(self._rows[at, _LIPS], np.float32(closed))

    def at(self, spoken_ns: int) -> Moment | None:
        """The mouth at that instant; None where nothing was heard about it."""
        count = self._count
        if not count:
            return None
        newest = int(self._times[(count - 1) % KEPT])
        late = spoken_ns - newest
        if late > 2 * HELD_NS:
            return None
        now, ahead = self._mean(min(spoken_ns, newest)), self._mean(min(spoken_ns + LEAD_NS, newest))
        if now is None or ahead is None:
            return None
        held = 1 - min(max(late - HELD_NS, 0) / HELD_NS, 1.0)
        loud = max(float(now[_LOUD]), float(ahead[_LOUD])) * held
        return Moment(ahead[_SHARES], float(now[_LIPS]), float(now[_TEETH]), loud, float(ahead[_NOD]) * held)

    def _mean(self, at_ns: int) -> npt.NDArray[np.float32] | None:
        """The rows about an instant; None in a gap of the sound."""
        away = np.abs(self._times - at_ns)
        near = np.flatnonzero((away < NEAR_NS) & (self._times > 0))
        if not near.size:
            return None
        weights = 1 + np.cos(away[near] * (np.pi / NEAR_NS))
        return np.asarray((weights / weights.sum()).astype(np.float32) @ self._rows[near], np.float32)
