"""The null engine: the composed portrait, unmoved."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

import numpy as np

from avatard.reenact import NetworkState, prepared
from avatard.reenact.compose import compose

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.avatar import Avatar
    from avatard.frame import Picture
    from avatard.motion import DriverPatch, Motion
    from avatard.sealed import VideoFormat


class Still:
    """Shows the portrait and ignores every motion. What other engines are compared with, and the floor of cost."""

    network = NetworkState.NONE

    def __init__(self, format: VideoFormat) -> None:  # noqa: A002 (the field's own name)
        self._format = format
        self._picture: Picture | None = None

    @property
    def name(self) -> str:
        return "still"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        self._picture = None

    def set_avatar(self, avatar: Avatar) -> None:
        scene = compose(avatar, self._format.width, self._format.height)
        self._picture = np.ascontiguousarray(scene.picture[scene.shown])

    def warm_up(self) -> None:
        """Nothing to warm."""

    def render(self, motion: Motion, patch: DriverPatch | None = None, detail: float = 1.0) -> Picture:
        return prepared(self._picture, "render")
