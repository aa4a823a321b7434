"""Render a video file through the line: every frame, none dropped, as fast as the machine goes.

Finding the face of a later frame, drawing this one and encoding the one before overlap, on three threads; frames and
their order are the same as one after the other.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from avatard.capture.file import VideoFile
from avatard.errors import SourceError
from avatard.line import line_of
from avatard.output.file import Mp4
from avatard.sealed import VideoFormat
from avatard.timing import NS_PER_S, STAGES, Counters, Percentiles, StageTimer

if TYPE_CHECKING:
    from avatard.avatar import Avatar
    from avatard.config import Config
    from avatard.face import Face
    from avatard.frame import Frame
    from avatard.line import Line
    from avatard.sealed import Sealed

#: Frames looked at ahead of the one being drawn, and pictures drawn ahead of the one being encoded. The sealed
#: pictures' pool has four buffers: one drawn, `AHEAD` waiting or written.
AHEAD = 2


@dataclass(frozen=True, slots=True)
class Report:
    """What `render --report` writes. Times in milliseconds; `per_frame` has one list for each stage."""

    engine: str  #: what really drew, with its provider
    frames: int
    no_face: int
    engine_fallbacks: int  #: frames drawn without the engine's network, which failed
    seconds: float
    fps: float
    stages_ms: dict[str, Percentiles]
    per_frame_ms: dict[str, list[float]]

    def as_dict(self) -> dict[str, object]:
        """Plain values, for JSON."""
        return {"schema": 1, **asdict(self)}


def render(
    source_path: Path,
    sink_path: Path,
    config: Config,
    avatar: Avatar,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Report:
    """Drive `avatar` by the face in the video `source_path` and write an MP4 with the input's sound track.

    progress: called with frames done and in all (0 when the file does not say) after each frame.
    Raises SourceError, SinkError, EngineError; a file that stood at `sink_path` is then as it was.
    """
    counters = Counters()
    with VideoFile(str(source_path), paced=False) as source:
        total = source.frames
        timers = {name: StageTimer(capacity=max(total, 8192)) for name in STAGES}
        format = VideoFormat(config.output.width, config.output.height, source.fps)  # noqa: A001
        line = line_of(config, format, avatar, timers, counters)
        started = time.monotonic()
        with (
            line,
            Mp4(sink_path, format, audio_from=source_path, constant_rate=True) as sink,
            ThreadPoolExecutor(1, "avatard-look") as looker,
            ThreadPoolExecutor(1, "avatard-write") as writer,
        ):
            _run(_Steps(source, line, sink, timers, format.fps), looker, writer, lambda done: progress(done, total))
            engine = line.engine
        seconds = time.monotonic() - started
    if not counters["rendered"]:
        raise SourceError(f"{source_path} has no frames", "Is it a video? Try to play it.")
    return Report(
        engine=engine,
        frames=counters["rendered"],
        no_face=counters["no_face"],
        engine_fallbacks=counters["engine_fallbacks"],
        seconds=round(seconds, 3),
        fps=round(counters["rendered"] / seconds, 2),
        stages_ms={name: timer.percentiles() for name, timer in timers.items()},
        per_frame_ms={name: [round(ns / 1e6, 3) for ns in timer.samples_ns()] for name, timer in timers.items()},
    )


class _Steps:
    """The three steps of a frame, each always on the same thread."""

    def __init__(self, source: VideoFile, line: Line, sink: Mp4, timers: dict[str, StageTimer], fps: float) -> None:
        self._source, self._line, self._sink, self._timers = source, line, sink, timers
        self._period_ns = NS_PER_S / fps
        self._start_ns = time.monotonic_ns()

    def look(self) -> tuple[Frame, Face | None]:
        """The next frame, stamped on the file's own clock, so that filters and blinks run at its speed; EOFError."""
        with self._timers["capture"].measure():
            frame = None
            while frame is None:
                frame = self._source.read(1.0)
        frame = replace(frame, captured_ns=self._start_ns + round(frame.seq * self._period_ns))
        return frame, self._line.look(frame)

    def draw(self, frame: Frame, face: Face | None) -> Sealed:
        """The avatar for that frame."""
        return self._line.show(frame, face, frame.captured_ns)

    def write(self, sealed: Sealed) -> None:
        """Encode and let go."""
        try:
            with self._timers["output"].measure():
                self._sink.write(sealed)
        finally:
            sealed.release()


def _run(
    steps: _Steps, looker: ThreadPoolExecutor, writer: ThreadPoolExecutor, progress: Callable[[int], None]
) -> None:
    looks = deque(looker.submit(steps.look) for _ in range(AHEAD))
    writes: deque[Future[None]] = deque()
    done = 0
    while True:
        try:
            frame, face = looks.popleft().result()
        except EOFError:
            break
        looks.append(looker.submit(steps.look))
        if len(writes) >= AHEAD:
            writes.popleft().result()
        writes.append(writer.submit(steps.write, steps.draw(frame, face)))
        done += 1
        progress(done)
    for write in writes:
        write.result()
