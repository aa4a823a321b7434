"""Times the line on this machine: the performer's first second through the default engine and avatar."""

from __future__ import annotations

import numpy as np

from avatard.avatars import open_store
from avatard.capture.performer import Performer
from avatard.config import Config
from avatard.drive import Driver
from avatard.line import Line
from avatard.parts import ready_engine
from avatard.seal import Sealer
from avatard.sealed import VideoFormat
from avatard.timing import STAGES, Counters, StageTimer
from avatard.track import open_tracker

FRAMES = 30
#: The first pictures fill caches and find the face; they say nothing about the rest.
WARM_UP = 5


def stage_times() -> dict[str, float]:
    """Median milliseconds of track, drive, reenact and seal for a 1280x720 picture. Raises AvatardError."""
    config = Config()
    format = VideoFormat()  # noqa: A001
    timers = {name: StageTimer() for name in STAGES}
    engine = ready_engine(config, format, open_store().load(config.reenact.avatar))
    line = Line(
        config,
        open_tracker(config.track),
        Driver(config.drive),
        engine,
        Sealer(config.seal, format),
        timers,
        Counters(),
    )
    with Performer(paced=False) as source, line:
        for _ in range(WARM_UP + FRAMES):
            frame = source.read(1.0)
            assert frame is not None, "a file that is not paced always has one, or ends"
            line.show(frame, line.look(frame), frame.captured_ns).release()
    samples = {name: timer.samples_ns()[WARM_UP:] for name, timer in timers.items()}
    return {name: float(np.median(ns)) / 1e6 for name, ns in samples.items() if ns.size}
