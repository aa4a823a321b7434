"""CPU time by stage: the line's work again, one frame after the other in one thread.

In the live pipeline the threads overlap, so a process's CPU time cannot be split by stage there; and a thread's
own clock would miss the tracker's worker threads. Alone in the process, its CPU clock around each stage sees all.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from avatard.drive import Driver
from avatard.line import Line
from avatard.seal import Sealer
from avatard.timing import STAGES, Counters, StageTimer

if TYPE_CHECKING:
    from avatard.avatar import Avatar
    from avatard.capture import Source
    from avatard.config import Config
    from avatard.parts import Parts

#: The tracker searches a whole picture at first, and caches fill.
_WARM_UP_FRAMES = 10


class CoreTimer(StageTimer):
    """A stage timer on the CPU clock of the process, all its threads."""

    @contextmanager
    def measure(self) -> Iterator[None]:
        """CPU time of the body; a body that raises is not recorded."""
        started = time.process_time_ns()
        yield
        self.add(time.process_time_ns() - started)


@dataclass(frozen=True, slots=True)
class CoreTime:
    """engine: its own name, with the provider. mean_ms: CPU milliseconds a picture by stage; {} without pictures.

    The mean and not the median: means add up to the whole.
    """

    engine: str
    mean_ms: dict[str, float]


def core_time(config: Config, avatar: Avatar, parts: Parts, source: Source, frames: int) -> CoreTime:
    """Draw `frames` pictures, fewer when `source` ends before. source: not yet entered, best unpaced."""
    timers = {name: CoreTimer() for name in STAGES}
    engine = parts.engine(avatar)
    sealer = Sealer(config.seal, parts.format)
    line = Line(config, parts.tracker(), Driver(config.drive), engine, sealer, timers, Counters())
    with line, source, parts.sink() as sink:
        for _ in range(_WARM_UP_FRAMES + frames):
            try:
                with timers["capture"].measure():
                    frame = source.read(1.0)
            except EOFError:
                break
            face = line.look(frame) if frame is not None else None
            sealed = line.show(frame, face, time.monotonic_ns())
            with timers["output"].measure():
                sink.write(sealed)
            sealed.release()
        name = engine.name  # what drew: nothing does once it is left
    samples = {stage: timer.samples_ns()[_WARM_UP_FRAMES:] for stage, timer in timers.items()}
    return CoreTime(name, {stage: float(ns.mean()) / 1e6 for stage, ns in samples.items() if ns.size})
