"""When to leave the network out, because the machine is too slow for it, and when to take it in again.

Decided from the time that pictures really took, so that a call, a video or a hot laptop are all the same cause. Down
before the delay grows, up again only after a while that grows with each attempt that failed: no flapping.
"""

from __future__ import annotations

from collections import deque
from typing import Final

from avatard.timing import NS_PER_S

#: A picture has a period to be drawn in, but no more than this: at 10 pictures a second, 100 ms would be a long delay.
LONGEST_BUDGET_S: Final = 0.040
#: Shares of that budget. Drawing that takes longer than `SLOW` is slow, and so is a frame that is this much older than
#: its camera alone makes it; beyond `FAR` there is no time for a soft change; below `ROOM` there may be time again.
SLOW, SLOW_AGE, FAR, ROOM = 1.0, 1.4, 1.5, 0.7
#: Down when so many of the last pictures were slow: a spike is not a reason, a third of them is.
MANY, OF = 8, 24
#: Down at once, without the soft change, when so many in a row were far beyond.
AT_ONCE: Final = 3
#: Up when at most so many of the last pictures left no room.
FEW, OF_LIGHT = 6, 60
#: Seconds down before the next attempt; twice as long after each that failed, and failed means: down again within
#: `TRIED_S`. At the longest an attempt's slow pictures are half a per cent of all.
FIRST_S, LONGEST_S, TRIED_S = 4.0, 64.0, 30.0
#: The soft change: detail goes down over this many pictures. (Up it is the engine that eases it in.)
FALL_PICTURES: Final = 6
#: Pictures at the start that say nothing: caches are cold and the face is still searched for.
SETTLE: Final = 30
#: A camera's own delay is the least that was seen of it in so many frames.
OWN_DELAY_OF: Final = 120


class Stepping:
    """Told of each picture, says how much detail the next one shall have. No clock of its own; one thread.

    down: whether the network is left out, or fades out.
    """

    def __init__(self, fps: float) -> None:
        self._budget_ns = min(1 / fps, LONGEST_BUDGET_S) * NS_PER_S
        self._settle = SETTLE
        self._slow: deque[bool] = deque(maxlen=OF)
        self._tight: deque[bool] = deque(maxlen=OF_LIGHT)
        self._delays_ns: deque[int] = deque(maxlen=OWN_DELAY_OF)
        self._far = 0
        self._hold_s = FIRST_S
        self._changed_ns: int | None = None
        self._left = FALL_PICTURES
        self.down = False

    @property
    def detail(self) -> float:
        """Of the next picture: 1 with the network, 0 without, between them while it fades out."""
        return self._left / FALL_PICTURES

    def drawn(self, now_ns: int, work_ns: int, age_ns: int | None) -> str | None:
        """A picture was drawn, and is sealed at `now_ns`. Returns the counter of what changes now, if anything does.

        work_ns: what tracking to sealing took. age_ns: since its frame was captured; None without a frame.
        """
        if self._settle:
            self._settle -= 1
            return None
        self._slow.append(work_ns > SLOW * self._budget_ns or self._late(work_ns, age_ns))
        self._tight.append(work_ns > ROOM * self._budget_ns)
        self._far = self._far + 1 if work_ns > FAR * self._budget_ns else 0
        if self.down:
            self._left = 0 if self._far else max(0, self._left - 1)
            return self._step_up(now_ns) if self._may_rise(now_ns) else None
        return self._step_down(now_ns) if self._far >= AT_ONCE or sum(self._slow) >= MANY else None

    def _late(self, work_ns: int, age_ns: int | None) -> bool:
        """Whether the frame is older than its camera and the work make it: it waited, or its thread did."""
        if age_ns is None:
            return False
        self._delays_ns.append(age_ns - work_ns)
        return age_ns - min(self._delays_ns) > SLOW_AGE * self._budget_ns

    def _may_rise(self, now_ns: int) -> bool:
        assert self._changed_ns is not None
        held = now_ns - self._changed_ns >= self._hold_s * NS_PER_S
        return held and len(self._tight) == OF_LIGHT and sum(self._tight) <= FEW

    def _step_down(self, now_ns: int) -> str:
        tried = self._changed_ns is not None and now_ns - self._changed_ns < TRIED_S * NS_PER_S
        self._hold_s = min(2 * self._hold_s, LONGEST_S) if tried else FIRST_S
        self.down = True
        self._left = 0 if self._far >= AT_ONCE else FALL_PICTURES - 1
        self._forget(now_ns)
        return "stepped_down"

    def _step_up(self, now_ns: int) -> str:
        self.down = False
        self._left = FALL_PICTURES
        self._forget(now_ns)
        return "stepped_up"

    def _forget(self, now_ns: int) -> None:
        """What was measured before a change says nothing about the time after it."""
        self._changed_ns = now_ns
        self._far = 0
        self._slow.clear()
        self._tight.clear()
