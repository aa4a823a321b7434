"""The independent reader of faces: `python -m avatard.bench.in_step.picture_reader RING BOX FILE`, a `Child`.

The part of each new picture in a y4m ring that BOX (see `Box`) holds goes into FILE, grey, one after the other; which
picture it is and when it was first seen is told at the end. Tracking the faces is left for later: it would take the
time that the pictures need.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from avatard.bench.child import ready, tell, watching
from avatard.bench.notebook import Box
from avatard.bench.ring import Ring, Sighting

#: How often it looks: what a time can be too late by.
LOOK_S = 0.0005


def main(path: Path, box: Box, file: Path) -> None:
    """Look until told to stop."""
    stop = ready()
    seen: list[Sighting] = []
    ring: Ring | None = None
    x, y, width, height = box
    with file.open("wb") as out:
        while not stop.is_set():
            ring = ring or Ring.open(path)
            sighting = ring.look() if ring is not None else None
            time.sleep(LOOK_S)  # what lies below the barcode is written after it
            if ring is None or sighting is None or (seen and sighting.captured_ns == seen[-1].captured_ns):
                continue  # nothing new, or the same in the ring's other place
            out.write(ring.luma[y : y + height, x : x + width].tobytes())
            if not seen:
                watching()
            seen.append(sighting)
    tell(seen)


if __name__ == "__main__":
    found = Box.parse(sys.argv[2])
    assert found is not None
    main(Path(sys.argv[1]), found, Path(sys.argv[3]))
