"""The `mesh` engine: geometry alone moves the portrait, at its full resolution, on any CPU."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TYPE_CHECKING

from avatard.motion import rest
from avatard.reenact import NetworkState, prepared
from avatard.reenact.crew import Crew
from avatard.reenact.puppet import Puppet

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.avatar import Avatar
    from avatard.frame import Picture
    from avatard.motion import DriverPatch, Motion
    from avatard.sealed import VideoFormat


class Mesh:
    """Warps head, hair and shoulders by a coarse field, redraws the eyes, and draws the inside of the mouth."""

    network = NetworkState.NONE

    def __init__(self, format: VideoFormat) -> None:  # noqa: A002 (the field's own name)
        self._format = format
        self._crew = Crew()
        self._puppet: Puppet | None = None

    @property
    def name(self) -> str:
        return "mesh"

    def __enter__(self) -> Self:
        self._crew.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        self._puppet = None
        self._crew.__exit__(kind, e, tb)

    def set_avatar(self, avatar: Avatar) -> None:
        self._puppet = Puppet(avatar, self._format.width, self._format.height, self._crew)

    def warm_up(self) -> None:
        puppet = prepared(self._puppet, "warm_up")
        puppet.draw(rest(time.monotonic_ns()))
        puppet.forget()

    def render(self, motion: Motion, patch: DriverPatch | None = None, detail: float = 1.0) -> Picture:
        puppet = prepared(self._puppet, "render")
        puppet.draw(motion, patch)
        return puppet.picture()
