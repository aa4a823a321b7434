"""A copy of a Piper voice that also tells how many samples each sound takes.

Its network computes that on the way, in its one Ceil node, and keeps it to itself. An output more is a few bytes behind
the file: protobuf adds up the parts of a message that comes twice. https://protobuf.dev/programming-guides/encoding
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from avatard.errors import EngineError as OnnxError
from avatard.runtime.onnx_file import outputs_of, with_output
from avatard.whole_file import write_whole

#: The node that rounds each sound's length up to whole frames.
_NODE: Final = "Ceil"


def aligned_file(model: Path, cache: Path) -> str | bytes:
    """The copy's path in `cache`, made where it is not there yet; where it cannot be, its bytes.

    A model without that node is used as it is: then only the sound is known. Raises OSError.
    """
    about = model.stat()
    of = f"{model.resolve()} {about.st_size} {about.st_mtime_ns}"
    copy = cache / f"{model.stem}-{hashlib.sha256(of.encode()).hexdigest()[:16]}.onnx"
    if copy.exists():
        return str(copy)
    data = model.read_bytes()
    try:
        lengths = outputs_of(data, _NODE)
    except OnnxError:
        return str(model)  # onnxruntime says what is wrong with it
    if len(lengths) != 1:
        return str(model)
    data = with_output(data, lengths[0])
    try:
        cache.mkdir(parents=True, exist_ok=True)
        write_whole(copy, data)
    except OSError:  # a full disk is no reason to be silent: it takes 80 MB more of memory
        return data
    return str(copy)
