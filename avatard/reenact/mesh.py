"""The `mesh` engine: geometry alone moves the portrait, at its full resolution, on any CPU."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TYPE_CHECKING

import numpy as np

from avatard.errors import EngineError
from avatard.motion import Driver, rest
from avatard.reenact.compose import compose
from avatard.reenact.eyes import Eyes
from avatard.reenact.field import Field
from avatard.reenact.layer import Layer
from avatard.reenact.likeness import Likeness, Pose
from avatard.reenact.mouth import Mouth

if TYPE_CHECKING:
    from typing_extensions import Self

    from avatard.avatar import Avatar
    from avatard.frame import Picture
    from avatard.motion import DriverPatch, Motion
    from avatard.sealed import VideoFormat

#: A smile that the portrait holds gives way to a tracked or spoken mouth over this many pictures (a quarter second),
#: and comes back when nobody moves the mouth.
CLOSING_PICTURES = 8


class Mesh:
    """Warps head, hair and shoulders by a coarse field, redraws the eyes, and draws the inside of the mouth."""

    def __init__(self, format: VideoFormat) -> None:  # noqa: A002 (the field's own name)
        self._format = format
        self._puppet: _Puppet | None = None

    @property
    def name(self) -> str:
        return "mesh"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, tb: TracebackType | None) -> None:
        self._puppet = None

    def set_avatar(self, avatar: Avatar) -> None:
        self._puppet = _Puppet(avatar, self._format.width, self._format.height)

    def warm_up(self) -> None:
        if self._puppet is None:
            raise EngineError("the engine has no avatar yet", "Call set_avatar before warm_up.")
        self._puppet.draw(rest(time.monotonic_ns()), None)
        self._puppet.forget()

    def render(self, motion: Motion, patch: DriverPatch | None = None) -> Picture:
        if self._puppet is None:
            raise EngineError("the engine has no avatar yet", "Call set_avatar before render.")
        return self._puppet.draw(motion, patch)


class _Puppet:
    """One avatar at one size, prepared."""

    def __init__(self, avatar: Avatar, width: int, height: int) -> None:
        scene = compose(avatar, width, height)
        self._shown = scene.shown
        self._out = np.empty((height, width, 3), np.uint8)
        self._likeness = Likeness(scene.landmarks)
        self._field = Field(scene, self._likeness)
        self._layer = Layer(scene, self._field)
        self._eyes = Eyes(scene, self._likeness)
        self._mouth = Mouth(scene, self._likeness, self._field)
        self._closing: float | None = None

    def forget(self) -> None:
        """Start as if nothing had been drawn."""
        self._closing = None

    def draw(self, motion: Motion, patch: DriverPatch | None) -> Picture:
        expression = self._likeness.express(motion, self._closed(motion))
        pose = Pose(self._likeness, motion)
        inverse = self._field.inverse(pose, expression)
        self._eyes.draw(self._layer.pixels, expression)
        lips = self._mouth.lips(pose, expression)
        self._layer.draw(self._mouth.joined(inverse, lips))
        self._mouth.draw(self._layer.canvas, inverse, lips, pose, expression, patch)
        np.copyto(self._out, self._layer.canvas[self._shown])
        return self._out

    def _closed(self, motion: Motion) -> float:
        """How much of the portrait's own lip opening gives way to the motion, eased."""
        target = 0.0 if motion.mouth.driver is Driver.IDLE else 1.0
        if self._closing is None:
            self._closing = target
        step = 1 / CLOSING_PICTURES
        self._closing += float(np.clip(target - self._closing, -step, step))
        return self._closing
