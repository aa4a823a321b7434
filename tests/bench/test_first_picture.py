"""`avatard up` in a fresh process, as users start it."""

from __future__ import annotations

from pathlib import Path

import pytest

from avatard.bench.first_picture import start_up
from avatard.config import CaptureConfig, Config, OutputConfig, ReenactConfig
from avatard.errors import EngineError

SMALL = OutputConfig(sinks=("null",), width=640, height=360)
STILL = ReenactConfig(engine="still")


def test_a_start_is_timed_to_the_picture_that_a_reader_sees() -> None:
    start = start_up(Config(capture=CaptureConfig(source="performer"), reenact=STILL, output=SMALL))
    assert start.sink > 0
    assert start.picture > 0
    assert start.total == start.sink + start.picture


def test_a_start_that_fails_says_what_up_said(tmp_path: Path) -> None:
    source = f"file:{tmp_path / 'none.mp4'}"
    with pytest.raises(EngineError, match=r"none\.mp4"):
        start_up(Config(capture=CaptureConfig(source=source), reenact=STILL, output=SMALL))
