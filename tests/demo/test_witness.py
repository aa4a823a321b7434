from __future__ import annotations

import numpy as np

from avatard.capture.fake import FakeCamera
from avatard.demo.witness import EVERY, Witness


def test_every_frame_passes_and_some_are_remembered_small() -> None:
    witness = Witness(FakeCamera(fps=0, width=1280, height=720))
    with witness as source:
        frames = [source.read(1.0) for _ in range(3 * EVERY)]
    assert [frame.seq for frame in frames if frame] == list(range(3 * EVERY))
    assert sorted(witness.seen) == [0, EVERY, 2 * EVERY]
    first = frames[0]
    assert first is not None
    assert np.array_equal(witness.seen[0], first.pixels[::2, ::2])


def test_it_speaks_for_its_source() -> None:
    camera = FakeCamera(fps=25.0)
    witness = Witness(camera)
    assert witness.fps == 25.0
    assert witness.description == camera.description
