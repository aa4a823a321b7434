from __future__ import annotations

from contextlib import suppress

import numpy as np

from avatard.capture.performer import Performer
from avatard.frame import Frame


def test_the_clip_is_a_camera_for_all_machines() -> None:
    with Performer(paced=False) as performer:
        assert performer.fps == 30
        assert performer.frames >= 300  # at least 10 s
        assert performer.description.startswith("the performer: 640x480")


def test_it_moves_all_the_time_and_loops_without_a_jump() -> None:
    frames: list[Frame] = []
    with Performer(paced=False) as performer, suppress(EOFError):
        while frame := performer.read(1.0):
            frames.append(frame)

    small = np.stack([frame.pixels[::8, ::8].astype(np.int16) for frame in frames])
    steps = np.abs(np.diff(small, axis=0)).mean(axis=(1, 2, 3))
    seam = float(np.abs(small[-1] - small[0]).mean())
    assert seam <= np.percentile(steps, 99) * 1.5
    assert (steps > 0).mean() > 0.95
