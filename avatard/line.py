"""The line: track → drive → reenact → seal, one picture at a time, on the caller's thread.

No threads and no clock of its own: the live pipeline and the offline renderer both push frames through this.
"""

from __future__ import annotations

import logging
from types import TracebackType
from typing import TYPE_CHECKING

from avatard import motion as core
from avatard.drive import Driver
from avatard.driver_patch import cut_driver_patch
from avatard.lead import Lead
from avatard.parts import ready_engine
from avatard.reenact import NetworkState
from avatard.seal import Sealer
from avatard.track import open_tracker

if TYPE_CHECKING:
    from collections.abc import Mapping

    from typing_extensions import Self

    from avatard.avatar import Avatar
    from avatard.config import Config
    from avatard.face import Face
    from avatard.frame import Frame
    from avatard.motion import DriverPatch, Motion
    from avatard.reenact import Engine
    from avatard.sealed import Sealed, VideoFormat
    from avatard.spoken import Lips
    from avatard.timing import Counters, StageTimer
    from avatard.track import Tracker

log = logging.getLogger("avatard.line")


class Line:
    """Owns tracker and engine (enters and leaves them); borrows the rest. One thread calls `look`, one all else.

    Camera pixels stop at `look`: what `show` hands on is a `Motion`, and, only with `mouth = "own"` and a face
    tracked in this very frame whose mouth is shown, a `DriverPatch` of the inner mouth.
    """

    def __init__(
        self,
        config: Config,
        tracker: Tracker,
        driver: Driver,
        engine: Engine,
        sealer: Sealer,
        timers: Mapping[str, StageTimer],
        counters: Counters,
    ) -> None:
        self._own_mouth = config.reenact.mouth == "own"
        self._tracker = tracker
        self._driver = driver
        self._engine = engine
        self._sealer = sealer
        self._timers = timers
        self._counters = counters
        self._lead = Lead(timers)

    def __enter__(self) -> Self:
        try:
            self._tracker.__enter__()
        except BaseException as e:
            self._engine.__exit__(type(e), e, e.__traceback__)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        try:
            self._engine.__exit__(kind, e, tb)
        finally:
            self._tracker.__exit__(kind, e, tb)

    def look(self, frame: Frame) -> Face | None:
        """Find the face in a frame."""
        with self._timers["track"].measure():
            face = self._tracker.track(frame)
        if face is None:
            self._counters.add("no_face")
        return face

    @property
    def engine(self) -> str:
        """What draws: its own name, with the provider."""
        return self._engine.name

    @property
    def network(self) -> NetworkState:
        """What its network did for the last picture."""
        return self._engine.network

    def show(self, frame: Frame | None, face: Face | None, now_ns: int, detail: float = 1.0) -> Sealed:
        """The avatar at `now_ns`: `frame` and what was seen in it, or no frame where the clock asked for a picture.

        detail: as of `Engine.render`. The caller releases the result.
        """
        with self._timers["drive"].measure():
            if frame is not None:
                self._driver.observe(face, now_ns)
            motion = self._driver.motion(now_ns, self._lead.ns(now_ns))
        with self._timers["reenact"].measure():
            picture = self._engine.render(motion, self._patch(frame, face, motion), detail)
        with self._timers["seal"].measure():
            if frame is None:
                sealed = self._sealer.seal(picture, -1, now_ns)
            else:
                sealed = self._sealer.seal(picture, frame.seq, frame.captured_ns)
        self._counters.add("badge_failures" if sealed.standby else "rendered")
        if self._engine.network is NetworkState.OFF:
            self._counters.add("rendered_light")
        elif self._engine.network is NetworkState.FAILING:
            self._counters.add("engine_fallbacks")
        return sealed

    def recenter(self) -> None:
        """Take the driver's present pose and expression as neutral."""
        self._driver.recenter()

    def use(self, engine: Engine) -> None:
        """Draw with `engine` from the next picture on: entered, its avatar set and warm. The former one is left."""
        former, self._engine = self._engine, engine
        former.__exit__(None, None, None)
        self._sealer.look_again()

    def _patch(self, frame: Frame | None, face: Face | None, motion: Motion) -> DriverPatch | None:
        if not self._own_mouth or frame is None or face is None:
            return None
        if motion.mouth.driver is not core.Driver.CAMERA:  # a mouth that speaks for itself: the driver's is shut
            return None
        # Smoothed landmarks trail a moving head by a few pixels: their polygon would hold lip and skin.
        seen = face.landmarks if face.measured is None else face.measured
        return cut_driver_patch(frame.pixels, seen, frame.captured_ns)


def line_of(
    config: Config,
    format: VideoFormat,  # noqa: A002
    avatar: Avatar,
    timers: Mapping[str, StageTimer],
    counters: Counters,
    lips: Lips | None = None,
) -> Line:
    """The line of `config` by itself, outside a pipeline: engine warm, tracker not yet entered. lips: who may speak."""
    engine = ready_engine(config, format, avatar)
    sealer = Sealer(config.seal, format)
    return Line(config, open_tracker(config.track), Driver(config.drive, lips=lips), engine, sealer, timers, counters)
