"""An avatar that speaks: the real driver, engine and seal, and its face found anew in the sealed pictures."""

from __future__ import annotations

from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Final, Literal

import cv2
import numpy as np

from avatard.config import Config, ReenactConfig, TrackConfig
from avatard.drive import Driver
from avatard.drive.regions import AT, measure
from avatard.frame import Frame, Stamp
from avatard.parts import ready_engine
from avatard.seal import Sealer
from avatard.sealed import VideoFormat
from avatard.timing import NS_PER_S
from avatard.track import open_tracker
from avatard.track.pose import unpose

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.avatar import Avatar
    from avatard.face import Face
    from avatard.speech.lips.performance import Performance
    from avatard.spoken import Spoken

Engine = Literal["mesh", "meshnet"]
FORMAT: Final = VideoFormat(1280, 720, 30)
#: Resting lips are measured over so many pictures.
RESTING: Final = 15


class Stage:
    """One avatar with no camera before it. A context manager. Time is that of the pictures, in seconds.

    rest: its gap at rest, eye distances, as FaceMesh sees it.
    """

    def __init__(self, engine: Engine, avatar: Avatar) -> None:
        self._config = Config(reenact=ReenactConfig(engine=engine))
        self._avatar = avatar
        self._performance: Performance | None = None
        self._stack = ExitStack()
        self._count = 0
        self.rest = 0.0

    def __enter__(self) -> Self:
        self._engine = ready_engine(self._config, FORMAT, self._avatar)
        self._stack.push(self._engine.__exit__)
        self._sealer = Sealer(self._config.seal, FORMAT)
        self._tracker = self._stack.enter_context(open_tracker(TrackConfig(smooth=False)))
        self._driver = Driver(self._config.drive, lips=self)
        gaps = [self._gap(i / FORMAT.fps) for i in range(RESTING)]
        self.rest = float(np.median([gap for gap in gaps if gap is not None]))
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        self._stack.__exit__(kind, e, tb)

    @property
    def engine(self) -> str:
        """What drew, with its provider."""
        return self._engine.name

    def at(self, now_ns: int, face: bool) -> Spoken | None:
        """As of `Lips`."""
        return None if self._performance is None else self._performance.at(now_ns / NS_PER_S)

    def play(self, performance: Performance) -> None:
        """Speak so from now on."""
        self._performance = performance

    def gap(self, t_s: float) -> float | None:
        """How far the lips are further apart than at rest in the picture of that instant, eye distances; None where no
        face is found."""
        gap = self._gap(t_s)
        return None if gap is None else gap - self.rest

    def _gap(self, t_s: float) -> float | None:
        now_ns = round(t_s * NS_PER_S)
        sealed = self._sealer.seal(self._engine.render(self._driver.motion(now_ns)), -1, now_ns)
        try:
            pixels = np.asarray(cv2.cvtColor(sealed.i420, cv2.COLOR_YUV2BGR_I420), np.uint8)
        finally:
            sealed.release()
        self._count += 1
        face = self._tracker.track(Frame(pixels, self._count, now_ns, Stamp.READ))
        return None if face is None else gap_of(face)


def gap_of(face: Face) -> float:
    """Between the middles of the inner lips, eye distances."""
    return float(measure(unpose(face.landmarks, face.pose))[AT["gap"]])
