"""The real pipeline on shipped fakes: what each test replaces, it names."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from avatard.avatar import Avatar
from avatard.capture import Source
from avatard.capture.fake import FakeCamera
from avatard.config import CaptureConfig, Config, OutputConfig, ReenactConfig
from avatard.output import Sink
from avatard.parts import Parts, parts_of
from avatard.pipeline import Pipeline
from avatard.sealed import VideoFormat
from avatard.spoken import Lips

CONFIG = Config(
    capture=CaptureConfig(source="none"),
    reenact=ReenactConfig(engine="still"),
    output=OutputConfig(sinks=("null",), width=640, height=480),
)
FORMAT = VideoFormat(CONFIG.output.width, CONFIG.output.height, CONFIG.output.fps)


@contextmanager
def running(
    avatar: Avatar, sink: Sink, config: Config = CONFIG, lips: Lips | None = None, **parts: Callable[..., Any]
) -> Iterator[Pipeline]:
    """The pipeline of `config` into `sink`, with some of its `Parts` replaced. lips: what speaks beside the camera."""
    real = parts_of(config)
    source: Callable[[], Source] = parts.get("source", FakeCamera)
    with Pipeline(
        config,
        avatar,
        Parts(
            format=real.format,
            source=source,
            tracker=parts.get("tracker", real.tracker),
            engine=parts.get("engine", real.engine),
            sink=parts.get("sink", lambda: sink),
        ),
        lips=lips,
    ) as pipeline:
        yield pipeline


def until(condition: Callable[[], bool], what: str, timeout_s: float = 20.0) -> None:
    """Wait for something that a thread does; fail with `what` when it does not come."""
    end = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < end, f"never came: {what}"
        time.sleep(0.01)
