"""Track: `Frame` in, `Face` or nothing out."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Protocol

from avatard.errors import ConfigError

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.config import TrackConfig
    from avatard.face import Face
    from avatard.frame import Frame


class Tracker(Protocol):
    """Finds one face and keeps to it. One thread at a time; `__enter__` loads the model."""

    def __enter__(self) -> Self: ...
    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None: ...

    def track(self, frame: Frame) -> Face | None:
        """The locked face in `frame`, or `None`. Blocks for the network's time (4–10 ms). Raises EngineError."""

    def reset(self) -> None:
        """Forget the locked face and the filter's past: the next face found is the one."""


def open_tracker(config: TrackConfig) -> Tracker:
    """The tracker of `config.backend`, smoothed and locked, not yet entered."""
    from avatard.track.lock import Locked

    match config.backend:
        case "facemesh":
            from avatard.track.facemesh import FaceMesh

            return Locked(FaceMesh(config), config)
        case "landmarker":
            from avatard.track.landmarker import Landmarker

            return Locked(Landmarker(config), config)
        case "scripted":
            from avatard.track.scripted import Scripted

            return Scripted()
    raise ConfigError(f"no tracker is called {config.backend!r}", "Use facemesh or landmarker.")
