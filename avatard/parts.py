"""How a pipeline gets its stages: the real ones of a `Config`, or a test's fakes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from avatard import allocator
from avatard.sealed import VideoFormat

if TYPE_CHECKING:
    from avatard.avatar import Avatar
    from avatard.capture import Source
    from avatard.config import Config
    from avatard.output import Sink
    from avatard.reenact import Engine
    from avatard.track import Tracker


@dataclass(frozen=True, slots=True)
class Parts:
    """Factories, each called once for every opening.

    source, tracker, sink: not yet entered. engine: `open_engine` entered, its avatar set and warm; slow (0.1–2 s).
    """

    format: VideoFormat
    source: Callable[[], Source]
    tracker: Callable[[], Tracker]
    engine: Callable[[Avatar], Engine]
    sink: Callable[[], Sink]


def parts_of(config: Config) -> Parts:
    """The stages that `config` names. Touches no hardware yet. Raises ConfigError for a source that cannot be."""
    from avatard.capture import open_source
    from avatard.output import open_sink
    from avatard.output.tee import Tee
    from avatard.track import open_tracker

    output = config.output
    format = VideoFormat(output.width, output.height, output.fps)  # noqa: A001 (the field's own name)

    def source() -> Source:
        return open_source(config.capture.source, config.capture)

    def sink() -> Sink:
        sinks = [open_sink(spec, output, format) for spec in output.sinks]
        return sinks[0] if len(sinks) == 1 else Tee(sinks)

    source()  # a spec that is none is told before anything is opened
    return Parts(
        format=format,
        source=source,
        tracker=lambda: open_tracker(config.track),
        engine=lambda avatar: ready_engine(config, format, avatar),
        sink=sink,
    )


def ready_engine(config: Config, format: VideoFormat, avatar: Avatar) -> Engine:  # noqa: A002
    """The engine of `config`, entered, its avatar set and warm. A failure leaves nothing open."""
    from avatard.reenact import open_engine

    engine = open_engine(config.reenact, format)
    engine.__enter__()
    try:
        engine.set_avatar(avatar)
        engine.warm_up()
    except BaseException as e:
        engine.__exit__(type(e), e, e.__traceback__)
        raise
    allocator.trim()  # what preparing the portrait took for a second
    return engine
