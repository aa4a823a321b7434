"""The independent reader of a y4m ring: `python -m avatard.bench.ring_reader PATH [MOUTH]`, a `Child` of the bench.

Linux and macOS give every process the same monotonic clock, so the age is this process's now minus the stamp.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from avatard.bench.child import ready, tell, watching
from avatard.bench.notebook import Box, Notebook
from avatard.bench.ring import Ring

#: How often it looks: what an age can be too high by. 0.5 ms costs 3 % of a core, which counts against us too.
LOOK_S = 0.0005


def main(path: Path, mouth: Box | None) -> None:
    """Look until told to stop; tell every sighting."""
    stop = ready()
    notebook = Notebook(mouth)
    ring: Ring | None = None
    while not stop.is_set():
        ring = ring or Ring.open(path)
        sighting = ring.look() if ring is not None else None
        time.sleep(LOOK_S)
        if ring is None or sighting is None:
            continue
        notebook.note(*sighting)
        notebook.note_mouth(ring.luma)  # a look later: what lies below the barcode is written after it
        if len(notebook) == 1:
            watching()
    tell(notebook.as_json())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Box.parse(sys.argv[2]) if len(sys.argv) > 2 else None)
