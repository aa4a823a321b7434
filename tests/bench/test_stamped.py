from __future__ import annotations

from avatard.bench.stamped import Stamped
from avatard.capture.fake import FakeCamera
from avatard.frame import Stamp


def stamp_of(source: Stamped) -> Stamp | None:
    return source.stamp


def test_it_passes_on_what_comes_and_remembers_its_stamp() -> None:
    source = Stamped(FakeCamera())
    assert stamp_of(source) is None
    with source:
        frame = source.read(1.0)
        assert frame is not None
        assert stamp_of(source) is frame.stamp
        assert source.fps > 0
        assert source.description
