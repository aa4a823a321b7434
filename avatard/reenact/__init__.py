"""Reenact: draws the avatar as a `Motion` says. Never sees a `Frame`."""

from __future__ import annotations

import enum
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, TypeVar

from avatard.errors import ConfigError, EngineError

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.avatar import Avatar
    from avatard.config import ReenactConfig
    from avatard.frame import Picture
    from avatard.motion import DriverPatch, Motion
    from avatard.sealed import VideoFormat

_Made = TypeVar("_Made")


class NetworkState(enum.Enum):
    """What a network did for the last picture."""

    NONE = "none"  #: the engine has none that could run
    ON = "on"
    OFF = "off"  #: left out: no detail was wanted
    FAILING = "failing"  #: it failed or rests after a failure: what draws below it draws alone


class Engine(Protocol):
    """Draws one avatar at one output size. One thread at a time; `set_avatar` and `warm_up` may run on another
    thread before the first `render` (that is how an avatar is swapped between frames)."""

    @property
    def name(self) -> str:
        """What really draws, with the provider where there is a choice: "mesh", "meshnet (tensorrt)". Where no network
        can run, it is the name of what draws without one."""

    @property
    def network(self) -> NetworkState:
        """Whether the last picture has what a network adds."""

    def __enter__(self) -> Self: ...
    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None: ...

    def set_avatar(self, avatar: Avatar) -> None:
        """Prepare a portrait: all work that depends on it alone (0.1–1 s). Raises AvatarError."""

    def warm_up(self) -> None:
        """Draw once, so that the first real picture is not slower than the rest. Raises EngineError."""

    def render(self, motion: Motion, patch: DriverPatch | None = None, detail: float = 1.0) -> Picture:
        """The avatar, height x width x 3 BGR of the output format. The array is the engine's own and is valid until the
        next call: `seal` reads it at once. `patch` only with `mouth = "own"`. `detail`, 0..1: how much of what a
        network adds is wanted; at 0 it does not run, which is faster. Raises EngineError; a network that fails is no
        error, see `network`."""


def prepared(made: _Made | None, call: str) -> _Made:
    """What an engine made of its avatar. Raises EngineError where `call` came before `set_avatar`."""
    if made is None:
        raise EngineError("the engine has no avatar yet", f"Call set_avatar before {call}.")
    return made


def open_engine(config: ReenactConfig, format: VideoFormat) -> Engine:  # noqa: A002
    """The engine of `config.engine` for pictures of `format`'s size, not yet entered."""
    match config.engine:
        case "mesh":
            from avatard.reenact.mesh import Mesh

            return Mesh(format)
        case "meshnet":
            from avatard.reenact.meshnet import MeshNet
            from avatard.reenact.networks import find_networks

            return MeshNet(format, lambda: find_networks(config.provider))
        case "still":
            from avatard.reenact.still import Still

            return Still(format)
    raise ConfigError(f"no engine is called {config.engine!r}", "Use meshnet, mesh or still.")
