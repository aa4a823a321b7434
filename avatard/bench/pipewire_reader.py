"""The independent reader of a PipeWire node: `python -m avatard.bench.pipewire_reader [NODE [MOUTH]]`, a `Child` of
the bench.

NODE: the name of a Video/Source node, "avatard" by default. It tells what `ring_reader` tells. It may be started before
the node is there: where the session manager refuses it for that, it asks again. XDG_RUNTIME_DIR says which PipeWire.
"""

from __future__ import annotations

import sys
import threading
import time

import numpy as np

from avatard.bench.child import not_yet, ready, tell, watching
from avatard.bench.notebook import Box, Notebook
from avatard.errors import SinkError
from avatard.output.pipewire_pod import any_yuy2
from avatard.output.pipewire_stream import Direction, Flag, State, Stream
from avatard.output.yuy2 import BYTES_A_PIXEL

#: How often it looks whether the stream still is.
_LOOK_S = 0.2


class Reader:
    """Takes each picture when PipeWire announces it; writes down those in which the barcode is whole."""

    def __init__(self, node: str, notebook: Notebook) -> None:
        self._notebook = notebook
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
            luma = np.ascontiguousarray(lines[:, ::BYTES_A_PIXEL])
        if self._notebook.saw(luma, seen_ns) and len(self._notebook) == 1:
            watching()


def _look_at(node: str, notebook: Notebook, stop: threading.Event) -> str:
    """Look until told to stop or the stream ends; why it did."""
    reader = Reader(node, notebook)
    try:
        with reader.stream:
            while not stop.wait(_LOOK_S) and reader.stream.state > State.UNCONNECTED:
                pass
    except SinkError as e:
        return e.message
    return "PipeWire did not link us with the camera"


def main(node: str, mouth: Box | None) -> None:
    """Look until told to stop; tell every sighting."""
    notebook = Notebook(mouth)
    stop = ready()
    told = ""
    while not stop.is_set() and not len(notebook):
        why = _look_at(node, notebook, stop)
        if why != told:
            not_yet(why)
            told = why
        stop.wait(_LOOK_S)
    tell(notebook.as_json())


if __name__ == "__main__":
    node, mouth = [*sys.argv[1:3], "", ""][:2]
    main(node or "avatard", Box.parse(mouth))
