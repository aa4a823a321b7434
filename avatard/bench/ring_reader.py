"""The independent reader of a y4m ring: `python -m avatard.bench.ring_reader PATH`, a `Child` of the bench.

Linux and macOS give every process the same monotonic clock, so the age is this process's now minus the stamp.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from avatard.bench.child import ready, tell
from avatard.bench.ring import Ring, Sighting

#: How often it looks: what an age can be too high by. 0.5 ms costs 3 % of a core, which counts against us too.
LOOK_S = 0.0005


def main(path: Path) -> None:
    """Look until told to stop; tell every sighting."""
    stop = ready()
    ring: Ring | None = None
    sightings: list[Sighting] = []
    while not stop.is_set():
        ring = ring or Ring.open(path)
        sighting = ring.look() if ring is not None else None
        if sighting is not None:
            sightings.append(sighting)
        time.sleep(LOOK_S)
    tell(sightings)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
