from __future__ import annotations

import threading
import time

import pytest

from avatard.avatar import Avatar
from avatard.errors import EngineError
from avatard.motion import rest
from avatard.reenact.fake import Hanging, Raising, Slow
from avatard.sealed import VideoFormat

FORMAT = VideoFormat(320, 240)


def test_slow_takes_its_time(drawn: Avatar) -> None:
    engine = Slow(FORMAT, seconds=0.05)
    engine.set_avatar(drawn)
    started = time.monotonic()
    assert engine.render(rest(0)).shape == (240, 320, 3)
    assert time.monotonic() - started >= 0.05


def test_hanging_hangs_until_let_go(drawn: Avatar) -> None:
    engine = Hanging(FORMAT, pictures=1)
    engine.set_avatar(drawn)
    engine.render(rest(0))
    done = threading.Event()

    def draw() -> None:
        engine.render(rest(0))
        done.set()

    thread = threading.Thread(target=draw)
    thread.start()
    assert not done.wait(0.05)
    engine.let_go()
    assert done.wait(5)
    thread.join()


def test_raising_raises_after_its_pictures_and_starts_over(drawn: Avatar) -> None:
    engine = Raising(FORMAT, pictures=2)
    for _ in range(2):
        engine.set_avatar(drawn)
        engine.render(rest(0))
        engine.render(rest(0))
        with pytest.raises(EngineError):
            engine.render(rest(0))
