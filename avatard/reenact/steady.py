"""A mouth that holds still: the network's small changes come in slowly, its large ones at once."""

from __future__ import annotations

import numpy as np

from avatard.reenact.fill import Floats

#: Changes of a displacement (patch pixels) and of a colour, share or detail (0..1) from which on nothing is held back.
#: A driver who holds still makes the network move the lips by 0.1 pixels and 1 grey level from picture to picture, one
#: who speaks by 1 pixel and 50 grey levels where it counts.
MOVE, COLOUR = 0.75, 20 / 255


class Steady:
    """One patch's corrections. Of a change that is a tenth as large as one that is not held back, a tenth comes in:
    what trembles fades, and what moves is not late."""

    def __init__(self) -> None:
        self._held: Floats | None = None

    def forget(self) -> None:
        """The next correction is taken as it is."""
        self._held = None

    def hold(self, correction: Floats) -> Floats:
        """`PLANES` x H x W → the same, steadied; valid until the next call."""
        if self._held is None:
            self._held = correction.copy()
            return self._held
        change = correction - self._held
        size = np.abs(change)
        for planes, least in ((slice(0, 2), MOVE), (slice(2, None), COLOUR)):
            share = size[planes].max(0)
            share *= np.float32(1 / least)
            change[planes] *= np.minimum(share, 1, out=share)
        self._held += change
        return self._held
