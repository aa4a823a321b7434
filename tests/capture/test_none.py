from __future__ import annotations

import time

from avatard.capture import open_source
from avatard.config import CaptureConfig


def test_gives_nothing_but_takes_its_time() -> None:
    with open_source("none", CaptureConfig()) as source:
        started = time.monotonic()
        assert source.read(0.02) is None
        assert time.monotonic() - started >= 0.02
        assert source.fps == 0
