from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest
from aiortc.mediastreams import MediaStreamError

from avatard.output.webrtc_viewers import WAITING, LiveTrack


@dataclass
class Picture:
    """As much of a packet as a track looks at."""

    number: int
    is_keyframe: bool = False


def waiting(track: LiveTrack) -> list[int]:
    async def take() -> list[int]:
        return [(await track.recv()).number for _ in range(track._packets.qsize())]  # type: ignore[attr-defined]

    return asyncio.run(take())


def put(track: LiveTrack, *pictures: Any) -> None:
    for picture in pictures:
        track.put(picture)


def test_it_begins_with_a_key_frame() -> None:
    track = LiveTrack()
    put(track, Picture(0), Picture(1), Picture(2, is_keyframe=True), Picture(3))

    assert waiting(track) == [2, 3]


def test_a_slow_viewer_goes_on_at_a_key_frame_and_holds_nothing_old() -> None:
    track = LiveTrack()
    put(track, Picture(0, is_keyframe=True), *(Picture(number) for number in range(1, WAITING)))
    put(track, Picture(100), Picture(101), Picture(102, is_keyframe=True), Picture(103))

    assert waiting(track) == [102, 103]


def test_one_that_was_hung_up_gives_no_more() -> None:
    track = LiveTrack()
    put(track, Picture(0, is_keyframe=True))
    track.stop()

    with pytest.raises(MediaStreamError):
        asyncio.run(track.recv())
