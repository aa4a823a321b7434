from __future__ import annotations

from collections.abc import Callable

from avatard.output.null import Null
from avatard.sealed import Sealed, VideoFormat


def test_counts_and_shows_the_newest(video_format: VideoFormat, make_sealed: Callable[[int, int], Sealed]) -> None:
    with Null(video_format) as sink:
        assert sink.newest.max() == 0
        for number in range(3):
            sealed = make_sealed(number, 0)
            sink.write(sealed)
            assert (sink.newest == sealed.i420).all()
            assert sink.newest is not sealed.i420

    assert sink.written == 3
    assert sink.written_ns > 0


def test_a_picture_stays_during_the_next_write(
    video_format: VideoFormat, make_sealed: Callable[[int, int], Sealed]
) -> None:
    with Null(video_format) as sink:
        sink.write(make_sealed(0, 0))
        looked_at = sink.newest
        before = looked_at.copy()
        sink.write(make_sealed(1, 0))
        assert (looked_at == before).all()
