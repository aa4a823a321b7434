"""A camera picture and the instant it was taken."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Picture: TypeAlias = npt.NDArray[np.uint8]
"""HxWx3 uint8, C-contiguous, BGR, full range: OpenCV's own order, so nothing on the frame path converts."""


class Stamp(enum.Enum):
    """What `Frame.captured_ns` is the time of."""

    DRIVER = "driver"  #: the driver filled the buffer
    READ = "read"  #: the read returned; decoding is then outside the age
    DUE = "due"  #: a file's frame was due: what a camera's exposure would have been


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of a source. `captured_ns` is on `time.monotonic_ns`'s clock; `seq` counts from 0 without gaps."""

    pixels: Picture
    seq: int
    captured_ns: int
    stamp: Stamp
