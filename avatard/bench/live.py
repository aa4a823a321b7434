"""Run the real pipeline for a while and watch it from outside."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from avatard.bench.window import Window
from avatard.errors import EngineError
from avatard.pipeline import Pipeline
from avatard.timing import NS_PER_S

if TYPE_CHECKING:
    from avatard.avatar import Avatar
    from avatard.bench.window import Moment
    from avatard.config import Config
    from avatard.parts import Parts

#: Filters, caches and the tracker's lock settle within a second (of a short run: its first half); what comes before
#: is start-up, reported on its own.
SETTLE_S = 1.0
#: Only ends what hangs: an emulated machine takes two minutes to its first picture.
PATIENCE_S = 300.0
POLL_S = 0.5


def watch(
    config: Config,
    avatar: Avatar,
    parts: Parts,
    seconds: float,
    each_poll: Callable[[Moment], None],
    await_reader: Callable[[], None] = lambda: None,
) -> Window:
    """Run for `seconds` of steady state and return what happened in them.

    await_reader: returns once whoever reads the sink does; from then on the line settles. Raises what ended the
    pipeline, EngineError when no picture came.
    """
    with Pipeline(config, avatar, parts) as pipeline:
        await_first_picture(pipeline)
        await_reader()
        pipeline.wait(min(SETTLE_S, seconds / 2))
        window = Window(pipeline.timers, pipeline.counters)
        ended = False
        while not ended and window.seconds < seconds:
            ended = pipeline.wait(min(POLL_S, seconds - window.seconds))
            each_poll(window.poll())
        if pipeline.error is not None:
            raise pipeline.error
    return window


def await_first_picture(pipeline: Pipeline) -> None:
    """Wait until a sink took a picture of the avatar. Raises what ended the pipeline, EngineError when none came."""
    started_ns = time.monotonic_ns()
    while not pipeline.first_picture_ns:
        ended = pipeline.wait(0.02)
        if pipeline.error is not None:
            raise pipeline.error
        if ended or time.monotonic_ns() - started_ns > PATIENCE_S * NS_PER_S:
            raise EngineError(
                f"no picture of the avatar came out within {PATIENCE_S:.0f} s",
                "Try --engine still and --source performer, then: avatard doctor",
            )
