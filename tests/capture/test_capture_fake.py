from __future__ import annotations

import threading

import numpy as np
import pytest

from avatard.capture.fake import MARK_COLOURS, FakeCamera, marked_picture
from avatard.errors import SourceError
from avatard.frame import Stamp


def test_marked_pictures_hold_only_the_mark_colours() -> None:
    picture = marked_picture(64, 48, 0)

    assert {tuple(int(c) for c in pixel) for pixel in picture.reshape(-1, 3)} == set(MARK_COLOURS)
    assert (picture != marked_picture(64, 48, 1)).any()
    assert picture.flags.c_contiguous


def test_frames_are_numbered_and_stamped() -> None:
    with FakeCamera(500.0, 64, 48) as camera:
        frames = [camera.read(1.0) for _ in range(3)]

    assert [frame.seq for frame in frames if frame] == [0, 1, 2]
    assert [frame.stamp for frame in frames if frame] == [Stamp.DUE] * 3
    times = [frame.captured_ns for frame in frames if frame]
    assert times == sorted(set(times))


def test_a_storm_does_not_wait() -> None:
    with FakeCamera(0, 64, 48) as camera:
        frames = [camera.read(0.0) for _ in range(100)]

    assert all(frames)
    assert camera.given == 100


def test_no_frame_in_time_is_none() -> None:
    with FakeCamera(0.5, 64, 48) as camera:
        assert camera.read(0.001) is None


def test_unplugged_stays_away_and_comes_back() -> None:
    camera = FakeCamera(0, 64, 48, unplug_after=1, absent=1)
    with camera:
        assert camera.read(1.0)
        with pytest.raises(SourceError) as caught:
            camera.read(1.0)
        assert caught.value.retryable
    with pytest.raises(SourceError), camera:
        pass
    with camera:
        frame = camera.read(1.0)

    assert frame is not None
    assert frame.seq == 0
    assert camera.opened == 2


def test_frozen_until_opened_again() -> None:
    camera = FakeCamera(0, 64, 48, freeze_after=1)
    with camera:
        assert camera.read(0.0)
        assert camera.read(0.001) is None
        assert camera.read(0.001) is None
    with camera:
        assert camera.read(0.0)


def test_hangs_until_released() -> None:
    camera = FakeCamera(0, 64, 48, hang_after=0)
    answered = threading.Event()

    def read() -> None:
        with camera:
            camera.read(0.0)
        answered.set()

    thread = threading.Thread(target=read)
    thread.start()
    assert not answered.wait(0.05)
    camera.release()
    assert answered.wait(10)
    thread.join()


def test_gives_the_picture_it_is_told() -> None:
    face = np.full((48, 64, 3), 7, np.uint8)
    with FakeCamera(0, picture=face) as camera:
        frame = camera.read(0.0)

    assert frame is not None
    assert frame.pixels is face
