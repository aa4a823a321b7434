"""A portrait taken apart and put together again as a `Motion` says: geometry alone, at its full resolution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from avatard.motion import Driver
from avatard.reenact.compose import compose
from avatard.reenact.crew import Crew
from avatard.reenact.eyes import Eyes
from avatard.reenact.field import Field, Inverse
from avatard.reenact.layer import Layer
from avatard.reenact.likeness import Expression, Likeness, Pose
from avatard.reenact.mouth import Lips, Mouth

if TYPE_CHECKING:
    from avatard.avatar import Avatar
    from avatard.frame import Picture
    from avatard.motion import DriverPatch, Motion

#: A smile that the portrait holds gives way to a tracked mouth over this many pictures (a quarter second), and comes
#: back when nobody moves the mouth. To a spoken one sooner: the first sound may be a p, 0.1 s after it is known.
CLOSING_PICTURES, SPOKEN_PICTURES = 8, 3


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the last picture shows: where the head is, its expression, and the lips' edges in the canvas' pixels."""

    pose: Pose
    expression: Expression
    lips: Lips


class Puppet:
    """One avatar at one size, prepared (0.5 s at 720p). One thread, helped by `crew` while that is entered."""

    def __init__(self, avatar: Avatar, width: int, height: int, crew: Crew | None = None) -> None:
        self._crew = crew or Crew()
        self.scene = compose(avatar, width, height)
        self._out = np.empty((height, width, 3), np.uint8)
        self.likeness = Likeness(self.scene.landmarks)
        self._field = Field(self.scene, self.likeness)
        self._layer = Layer(self.scene, self._field)
        self._eyes = Eyes(self.scene, self.likeness, self._layer.pixels)
        self._mouth = Mouth(self.scene, self.likeness, self._field)
        self._closing: float | None = None

    @property
    def canvas(self) -> Picture:
        """HxWx3 BGR with the scene's margin: what `draw` drew. What lies on top is drawn here."""
        return self._layer.canvas

    @property
    def teeth(self) -> tuple[float, float, float]:
        """Where the front teeth's middle is on the skull, in the still scene's pixels."""
        return self._mouth.teeth

    def forget(self) -> None:
        """Start as if nothing had been drawn."""
        self._closing = None

    def draw(self, motion: Motion, patch: DriverPatch | None = None) -> Drawn:
        """Draw onto `canvas`."""
        expression = self.likeness.express(motion, self._closed(motion))
        pose = Pose(self.likeness, motion)
        lips = self._mouth.lips(pose, expression)
        upper, lower = (self._crew.later(job) for job in self._field.inversions(pose, expression))
        self._eyes.draw(self._layer.pixels, expression)
        inverse = Inverse(lower=lower(), upper=upper())
        bands = [self._crew.later(job) for job in self._layer.drawing(self._mouth.joined(inverse, lips))]
        # The mouth lies on the layer but needs none of its pixels.
        mouth = self._mouth.draw(inverse, lips, pose, expression, patch)
        for band in reversed(bands):
            band()
        if mouth is not None:
            region, pixels = mouth
            self.canvas[region] = pixels
        return Drawn(pose, expression, lips)

    def picture(self) -> Picture:
        """The canvas without its margin, copied: the output's size, valid until the next call."""
        np.copyto(self._out, self._layer.canvas[self.scene.shown])
        return self._out

    def _closed(self, motion: Motion) -> float:
        """How much of the portrait's own lip opening gives way to the motion, eased."""
        target = 0.0 if motion.mouth.driver is Driver.IDLE else 1.0
        if self._closing is None:
            self._closing = target
        spoken = motion.mouth.driver in (Driver.SPEECH, Driver.VOICE)
        step = 1 / (SPOKEN_PICTURES if spoken else CLOSING_PICTURES)
        self._closing += float(np.clip(target - self._closing, -step, step))
        return self._closing
