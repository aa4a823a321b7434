"""The independent reader of a PipeWire node: `python -m avatard.bench.pipewire_reader [NODE [MOUTH]]`, a `Child` of
the bench.

NODE: the name of a Video/Source node, "avatard" by default. It tells what `ring_reader` tells. It is
ready before the node has to be there: the session manager links them when both are. XDG_RUNTIME_DIR says which
PipeWire.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from avatard.bench.child import cannot, ready, tell, watching
from avatard.bench.notebook import Box, Notebook
from avatard.errors import SinkError
from avatard.output.pipewire_pod import any_yuy2
from avatard.output.pipewire_stream import Direction, Flag, Stream
from avatard.output.yuy2 import BYTES_A_PIXEL


class Reader:
    """Takes each picture when PipeWire announces it; keeps those in which the barcode is whole."""

    def __init__(self, node: str, mouth: Box | None) -> None:
        self.notebook = Notebook(mouth)
        self._seen_any = False
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
            new = self.notebook.saw(np.ascontiguousarray(lines[:, ::BYTES_A_PIXEL]), seen_ns)
        if new and not self._seen_any:
            self._seen_any = True
            watching()


def main(node: str, mouth: Box | None) -> None:
    """Look until told to stop; tell every sighting."""
    reader = Reader(node, mouth)
    stop = ready()
    try:
        with reader.stream:
            stop.wait()
    except SinkError as e:
        cannot(e.message)
    tell(reader.notebook.as_json())


if __name__ == "__main__":
    node, mouth = [*sys.argv[1:3], "", ""][:2]
    main(node or "avatard", Box.parse(mouth))
