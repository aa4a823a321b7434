"""An engine with a portrait on it, and the way between the portrait's pixels and the output's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, cast

import cv2
import numpy as np
import numpy.typing as npt

from avatard.avatar import Avatar, Subject
from avatard.config import Config, ReenactConfig
from avatard.errors import AvatarError, EngineError
from avatard.frame import Picture
from avatard.parts import ready_engine
from avatard.reenact import Engine, framing, matte
from avatard.reenact.compose import RIM
from avatard.sealed import VideoFormat
from avatard.track.portrait import find_faces
from benchmarks.reenactment.regions import Mask

FORMAT: Final = VideoFormat(1280, 720)
#: The baseline's name here → the engine that draws it: the composed portrait, unmoved.
COPY: Final = "copy"
ENGINES: Final = {COPY: "still"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the portrait lies in the output. `size` is its width and height in pixels."""

    framing: framing.Framing
    size: tuple[int, int]

    @classmethod
    def of(cls, avatar: Avatar) -> Place:
        """As `reenact/compose.py` places it."""
        head = framing.measure(matte.person(avatar.pixels, avatar.landmarks), avatar.landmarks)
        size = avatar.pixels.shape[1], avatar.pixels.shape[0]
        return cls(framing.frame(head, size, (FORMAT.width, FORMAT.height)), size)

    def back(self, output: Picture) -> Picture:
        """The output as a picture of the portrait's size; black where the output ends."""
        scale, x, y = self.framing.scale, self.framing.x, self.framing.y
        width, height = round(self.size[0] * scale), round(self.size[1] * scale)
        laid = np.zeros((height, width, 3), np.uint8)
        rows = slice(max(y, 0), min(y + height, output.shape[0]))
        columns = slice(max(x, 0), min(x + width, output.shape[1]))
        laid[rows.start - y : rows.stop - y, columns.start - x : columns.stop - x] = output[rows, columns]
        return self._down(laid)

    def there_and_back(self, picture: Picture) -> Picture:
        """A picture of the portrait's size, scaled to the output as `compose` scales the portrait, and back."""
        scale = self.framing.scale
        size = round(self.size[0] * scale), round(self.size[1] * scale)
        scaled = cv2.resize(picture, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
        return self._down(np.asarray(scaled, np.uint8))

    def valid(self) -> Mask:
        """Which of the portrait's pixels the output shows; without the rim that composing leaves out."""
        whole = self.back(np.full((FORMAT.height, FORMAT.width, 3), 255, np.uint8))[..., 0] == 255
        rim = 1 + int(RIM * min(self.size))
        inner = np.zeros_like(whole)
        inner[rim:-rim, rim:-rim] = True
        return np.asarray(whole & inner)

    def forth(self, landmarks: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
        """The portrait's landmarks in the output's pixels."""
        moved = landmarks * self.framing.scale
        moved[:, :2] += (self.framing.x, self.framing.y)
        return np.asarray(moved, np.float32)

    def _down(self, laid: Picture) -> Picture:
        how = cv2.INTER_AREA if self.framing.scale > 1 else cv2.INTER_CUBIC
        return np.asarray(cv2.resize(laid, self.size, interpolation=how), np.uint8)


def portrait(name: str, pixels: Picture) -> Avatar:
    """The largest face of a picture as an avatar. Raises AvatarError where there is none."""
    faces = find_faces(pixels)
    if not faces:
        raise AvatarError(f"no face is found in {name}", "Leave this one out, or use a picture that shows a face.")
    # The engines do not ask whose face it is; consent is asked where an avatar is added, and nothing is added here.
    return Avatar(name, pixels, faces[0].landmarks, Subject.OTHER_PERSON, "")


@contextmanager
def staged(name: str, avatar: Avatar) -> Iterator[Engine]:
    """The engine called `name` (or `copy`), ready to draw `avatar`. Raises ConfigError, AvatarError, and EngineError,
    this also where another engine would stand in for it: its figures must not go under this name."""
    reenact = ReenactConfig(engine=cast(Any, ENGINES.get(name, name)))
    engine = ready_engine(Config(reenact=reenact), FORMAT, avatar)
    try:
        if engine.name.split()[0] != reenact.engine:
            raise EngineError(
                f"{name} does not run here: {engine.name} draws instead", "Its log says why; or leave it out."
            )
        yield engine
    finally:
        engine.__exit__(None, None, None)


def runs(name: str, avatar: Avatar) -> bool:
    """Whether the engine itself draws `avatar` on this machine."""
    try:
        with staged(name, avatar):
            return True
    except EngineError:
        return False
