"""Engines that misbehave on purpose, around `Still`: what the pipeline is tested with. No setting selects them."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from avatard.errors import EngineError
from avatard.reenact.still import Still

if TYPE_CHECKING:
    from avatard.avatar import Avatar
    from avatard.frame import Picture
    from avatard.motion import DriverPatch, Motion
    from avatard.sealed import VideoFormat


class Slow(Still):
    """Takes `seconds` for each picture, asleep: a late engine, not a busy one."""

    def __init__(self, format: VideoFormat, seconds: float) -> None:  # noqa: A002
        super().__init__(format)
        self._seconds = seconds

    @property
    def name(self) -> str:
        return "slow"

    def render(self, motion: Motion, patch: DriverPatch | None = None, detail: float = 1.0) -> Picture:
        time.sleep(self._seconds)
        return super().render(motion, patch, detail)


class Hanging(Still):
    """Draws `pictures` pictures, then hangs in `render` until `let_go` is called (by another thread)."""

    def __init__(self, format: VideoFormat, pictures: int) -> None:  # noqa: A002
        super().__init__(format)
        self._left = pictures
        self._free = threading.Event()

    @property
    def name(self) -> str:
        return "hanging"

    def let_go(self) -> None:
        """End the hang, for good."""
        self._free.set()

    def render(self, motion: Motion, patch: DriverPatch | None = None, detail: float = 1.0) -> Picture:
        if self._left <= 0:
            self._free.wait()
        self._left -= 1
        return super().render(motion, patch, detail)


class Raising(Still):
    """Draws `pictures` pictures, then raises `EngineError` at each `render`; `set_avatar` starts the count again."""

    def __init__(self, format: VideoFormat, pictures: int) -> None:  # noqa: A002
        super().__init__(format)
        self._pictures = pictures
        self._left = pictures

    @property
    def name(self) -> str:
        return "raising"

    def set_avatar(self, avatar: Avatar) -> None:
        super().set_avatar(avatar)
        self._left = self._pictures

    def render(self, motion: Motion, patch: DriverPatch | None = None, detail: float = 1.0) -> Picture:
        if self._left <= 0:
            raise EngineError("the engine failed, as it was told to", "This engine exists for tests.")
        self._left -= 1
        return super().render(motion, patch, detail)
