"""The pipeline: three threads and two slots.

    capture thread            render thread                                   output thread
    source.read ─▶ Slot ─▶ new frame or tick ▸ track ▸ drive ▸ reenact ▸ seal ─▶ Slot ─▶ sink.write

- Newest frame only: one in flight, one waiting; what is displaced is counted under its cause, never queued.
- The render thread wakes on a new frame, or when a picture is due and none came: so idle and speech move the avatar
  with no camera at all, and a lost camera or face is a living avatar, not an error.
- The output thread writes on arrival; when there is nothing to show, it shows the standby picture, which says why.
- Paused by the user, or asleep as nobody reads the sinks, all three rest: camera closed, engine warm, a card shown.
- A stage's failure ends the stage, not the process: its thread backs off and opens it again.
"""

from __future__ import annotations

import time
from types import TracebackType
from typing import TYPE_CHECKING

from avatard import motion
from avatard.drive import Driver
from avatard.line import Line
from avatard.seal import Sealer, StandbyReason
from avatard.slot import Slot
from avatard.threads.capture import CaptureThread
from avatard.threads.demand import wanted_by
from avatard.threads.output import OutputThread
from avatard.threads.render import RenderThread
from avatard.threads.stage_thread import Hold, Switch
from avatard.timing import NS_PER_S, STAGES, Counters, StageTimer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Self

    from avatard.avatar import Avatar
    from avatard.config import Config
    from avatard.frame import Frame
    from avatard.metronome import Metronome
    from avatard.parts import Parts
    from avatard.sealed import Sealed
    from avatard.spoken import Lips


class Pipeline:
    """The live path, camera to device. A context manager: entering opens the sink and starts the threads.

    timers: one for each stage, and "age": from a frame's stamp to the return of the sink's write.
    deadlines_ms: per timer; over-runs are counted in `timers[name].over`. lips: what speaks beside the camera.
    """

    def __init__(
        self,
        config: Config,
        avatar: Avatar,
        parts: Parts,
        deadlines_ms: Mapping[str, float] | None = None,
        lips: Lips | None = None,
    ) -> None:
        deadlines = deadlines_ms or {}
        fps = parts.format.fps
        self.timers = {name: StageTimer(deadline_ms=deadlines.get(name, 0.0)) for name in (*STAGES, "age")}
        self.counters = Counters()
        self.avatar = avatar
        self._config = config
        self._parts = parts
        self._switch = Switch()
        self._driver = Driver(config.drive, lips=lips)
        self._sealer = Sealer(config.seal, parts.format)
        self._frames: Slot[Frame] = Slot()
        self._done: Slot[Sealed] = Slot()
        self._capture = CaptureThread(self._switch, parts.source, self._frames, self.timers, self.counters)
        self._render = RenderThread(
            self._switch, self._line, self._frames, self._done, self.counters, fps, lambda: self._capture.fps
        )
        self._output = OutputThread(
            self._switch,
            parts.sink,
            self._done,
            self._sealer,
            self._why_standby,
            wanted_by(config.daemon.awake),
            self.timers,
            self.counters,
            fps,
        )

    def __enter__(self) -> Self:
        """Open the sink and start. Raises SinkError; later failures are in `error`."""
        self._output.open()
        for thread in (self._output, self._render, self._capture):
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        """Stop, in the frames' direction. A thread that hangs in a driver is left behind after three seconds."""
        self._switch.stop()
        self._frames.close()
        self._done.close()
        for thread in (self._capture, self._render, self._output):
            thread.join(3.0)

    def wait(self, timeout_s: float) -> bool:
        """Wait until it ends by itself, at most `timeout_s`; whether it did. `error` then tells why."""
        return self._switch.wait_stopped(timeout_s)

    # Control, from any thread.

    def pause(self) -> None:
        """Close the camera and show the standby picture until `resume`."""
        self._switch.hold(Hold.PAUSED)

    def resume(self) -> None:
        """Go on after `pause`."""
        self._switch.release(Hold.PAUSED)

    def recenter(self) -> None:
        """Take the driver's present pose and expression as neutral."""
        self._render.command(Line.recenter)

    def calibrate(self, metronome: Metronome) -> None:
        """Flash a square in the pictures that were taken at its beats."""
        self._sealer.metronome = metronome

    def use(self, avatar: Avatar) -> None:
        """Show another avatar: prepared on the caller's thread while frames flow, swapped between two of them."""
        engine = self._parts.engine(avatar)
        self.avatar = avatar
        self._render.command(lambda line: line.use(engine))

    # What the daemon and the reports read.

    @property
    def error(self) -> Exception | None:
        """Why it ended by itself; None while it runs, or when its source has simply ended."""
        return self._switch.error

    @property
    def first_picture_ns(self) -> int:
        """When a sink took the first picture of the avatar (monotonic); 0 before."""
        return self._output.first_ns

    @property
    def silent_s(self) -> float:
        """Seconds since a sink last took a picture of any kind; 0 before the first."""
        return (time.monotonic_ns() - self._output.wrote_ns) / NS_PER_S if self._output.wrote_ns else 0.0

    @property
    def ready(self) -> bool:
        """Whether the avatar was shown, or would be at once: engine warm, but paused, asleep or without its sink."""
        return bool(self.first_picture_ns) or (self._render.warm and (bool(self._switch.held) or self.sink_lost))

    @property
    def sink_lost(self) -> bool:
        """Whether its sink is gone and waited for: no picture can be written."""
        return self._output.sink_lost

    @property
    def drawing_s(self) -> float:
        """Seconds that drawing the present picture has taken until now; 0 while none is meant to be drawn."""
        return self._render.hung_s

    @property
    def writing_s(self) -> float:
        """Seconds that waiting for and writing the present picture has taken; 0 while the sink is gone."""
        return self._output.hung_s

    def age_s(self) -> float:
        """Seconds from a frame's stamp to the sink's having its picture, typical of the last ones; 0 before any."""
        return self.timers["age"].typical_ns() / NS_PER_S

    @property
    def state(self) -> str:
        """For people: "live" (a face or speech drives), "idle" (none does), "paused", "asleep" or "standby"."""
        if held := self._switch.held:
            return held.value
        if self._output.standing_by:
            return "standby"
        return "idle" if self._driver.source is motion.Driver.IDLE else "live"

    @property
    def summary(self) -> str:
        """One line for `systemctl status`."""
        return f"{self.avatar.name}: {self.state}"

    def status(self) -> dict[str, object]:
        """A snapshot as `avatard status --json` gives it."""
        age = self.timers["age"].percentiles()
        return {
            "state": self.state,
            "standby": self._why_standby().value if self._output.standing_by else "",
            "source": self._capture.description,
            "avatar": self.avatar.name,
            "engine": self._render.engine or self._config.reenact.engine,
            "network": self._render.network.value,
            "mouth": self._config.reenact.mouth,
            "sinks": self._output.description.split(" + "),
            "awake": self._config.daemon.awake,
            "readers": self._output.readers,
            "fps": self._parts.format.fps,
            "age_ms": {"p50": age.p50, "p95": age.p95, "p99": age.p99, "max": age.max},
            "stages_ms": {
                name: {"p50": p.p50, "p95": p.p95, "p99": p.p99, "max": p.max}
                for name, p in ((stage, self.timers[stage].percentiles()) for stage in STAGES)
            },
            "over_deadline": {name: timer.over for name, timer in self.timers.items()},
            "counters": self.counters.as_dict(),
        }

    def _line(self) -> Line:
        return Line(
            self._config,
            self._parts.tracker(),
            self._driver,
            self._parts.engine(self.avatar),
            self._sealer,
            self.timers,
            self.counters,
        )

    def _why_standby(self) -> StandbyReason:
        if held := self._switch.held:
            return StandbyReason(held.value)
        if self._render.failing:
            return StandbyReason.ENGINE
        return StandbyReason.HANG if self.first_picture_ns else StandbyReason.STARTING
