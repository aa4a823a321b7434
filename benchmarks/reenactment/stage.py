"""An engine with a portrait on it, and the way between the portrait's pixels and the output's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import cv2
import numpy as np
import numpy.typing as npt

from avatard.avatar import Avatar, Subject
from avatard.config import ReenactConfig
from avatard.errors import AvatarError, EngineError
from avatard.frame import Picture
from avatard.motion import Motion
from avatard.reenact import Engine, NetworkState, framing, matte, open_engine
from avatard.reenact.compose import RIM
from avatard.sealed import VideoFormat
from avatard.track.portrait import find_faces
from benchmarks.reenactment.regions import Mask

FORMAT: Final = VideoFormat(1280, 720)


@dataclass(frozen=True, slots=True)
class Contender:
    """What is measured under `name`: an engine of the config; `folder`: with networks from there, not the shipped."""

    name: str
    engine: str
    folder: Path | None = None


#: The two that every run has: the composed portrait, unmoved, and geometry alone.
COPY: Final = Contender("copy", "still")
MESH: Final = Contender("mesh", "mesh")


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
def staged(contender: Contender, avatar: Avatar) -> Iterator[Engine]:
    """The contender's engine, ready to draw `avatar`. Raises ConfigError, AvatarError, and EngineError, this also where
    another engine would stand in for it: its figures must not go under this name."""
    with _engine(contender) as engine:
        engine.set_avatar(avatar)
        engine.warm_up()
        if engine.name.split()[0] != contender.engine:
            raise EngineError(
                f"{contender.name} does not run here: {engine.name} draws instead", "Its log says why; or leave it out."
            )
        yield engine


def draw(engine: Engine, motion: Motion) -> Picture:
    """`Engine.render`, but a picture that lacks what the network adds is an EngineError."""
    picture = engine.render(motion)
    if engine.network in (NetworkState.OFF, NetworkState.FAILING):
        raise EngineError(f"the network of {engine.name} failed in between", "Its log says why.")
    return picture


def runs(contender: Contender, avatar: Avatar) -> bool:
    """Whether the engine itself draws `avatar` on this machine."""
    try:
        with staged(contender, avatar):
            return True
    except EngineError:
        return False


def _engine(contender: Contender) -> Engine:
    if contender.folder is None:
        return open_engine(ReenactConfig(engine=cast(Any, contender.engine)), FORMAT)
    from avatard.reenact.meshnet import MeshNet
    from avatard.reenact.networks import find_networks

    folder = contender.folder
    return MeshNet(FORMAT, lambda: find_networks("auto", folder))
