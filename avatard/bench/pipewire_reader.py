"""The independent reader of a PipeWire node: `python -m avatard.bench.pipewire_reader [NODE]`, a `Child` of the bench.

NODE: the name of a Video/Source node, "avatard" by default. Tells a list of `Sighting`s, as `ring_reader` does. It is
ready before the node has to be there: the session manager links them when both are. XDG_RUNTIME_DIR says which
PipeWire.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from avatard.bench.child import ready, tell
from avatard.bench.ring import Sighting
from avatard.output.pipewire_pod import any_yuy2
from avatard.output.pipewire_stream import Direction, Flag, Stream
from avatard.output.yuy2 import BYTES_A_PIXEL
from avatard.seal.barcode import decode


class Reader:
    """Takes each picture when PipeWire announces it; keeps those in which the barcode is whole."""

    def __init__(self, node: str) -> None:
        self.sightings: list[Sighting] = []
        self._seq = -1
        self.stream = Stream(
            Direction.INPUT,
            Flag.AUTOCONNECT | Flag.MAP_BUFFERS,
            {
                "media.type": "Video",
                "media.category": "Capture",
                "media.role": "Camera",
                "node.name": "avatard-bench",
                "target.object": node,
            },
            [any_yuy2()],
            self._look,
        )

    def _look(self) -> None:
        with self.stream.next() as block:
            if block is None or not block.chunk.size:
                return
            seen_ns = time.monotonic_ns()
            lines = block.memory[: block.chunk.size].reshape(-1, block.chunk.stride)
            found = decode(np.ascontiguousarray(lines[:, ::BYTES_A_PIXEL]))
        if found is not None and (not self.sightings or found != self.sightings[-1][:2]):
            self.sightings.append(Sighting(*found, seen_ns))


def main(node: str) -> None:
    """Look until told to stop; tell every sighting."""
    reader = Reader(node)
    with reader.stream:
        ready().wait()
    tell(reader.sightings)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "avatard")
