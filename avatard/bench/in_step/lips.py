"""How far the avatar's lips are open in each sealed picture, and when they met: found by tracking its face anew."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
import numpy.typing as npt

from avatard.bench.notebook import Box
from avatard.face_mesh import INNER_LIPS
from avatard.geometry import ring_opening

if TYPE_CHECKING:
    from pathlib import Path

    from avatard.avatar import Avatar
    from avatard.bench.sightings import Sightings

#: Around the still face, as shares of its size: it turns, nods, and its jaw drops.
_ASIDE: Final = 0.25
_ABOVE_AND_BELOW: Final = 0.3
_MIN_SCORE: Final = 0.5

Series = npt.NDArray[np.float64]


def face_box(avatar: Avatar, width: int, height: int) -> Box:
    """Where the face of `avatar` is in a picture of that size, with room to move; even numbers."""
    from avatard.reenact.compose import compose

    scene = compose(avatar, width, height)
    points = scene.landmarks[:, :2] - scene.margin
    low, high = points.min(0), points.max(0)
    room = (high - low) * (_ASIDE, _ABOVE_AND_BELOW)
    left, top = (int(max(0, value)) // 2 * 2 for value in low - room)
    right, bottom = (int(min(most, value)) // 2 * 2 for most, value in zip((width, height), high + room, strict=True))
    return Box(left, top, right - left, bottom - top)


@dataclass(frozen=True, slots=True)
class Lips:
    """A row a picture. seen_ns: when it was first to be seen (monotonic), rising. gap: how far the inner lips were
    open, as a share of the mouth's width; nan where no face was found."""

    seen_ns: Series
    gap: Series

    @property
    def found(self) -> float:
        """Share of the pictures in which a face was found, 0..1."""
        return float(np.isfinite(self.gap).mean()) if len(self.gap) else 0.0

    def known(self) -> Lips:
        """Without the pictures in which none was."""
        kept = np.isfinite(self.gap)
        return Lips(self.seen_ns[kept], self.gap[kept])


def track(file: Path, box: Box, sightings: Sightings) -> Lips:
    """What `picture_reader` wrote: about 10 ms a picture."""
    from avatard.track.facemesh import Graph

    size = box.width * box.height
    gaps = []
    graph = Graph(_MIN_SCORE)
    try:
        with file.open("rb") as pictures:
            for _ in range(len(sightings)):
                luma = np.frombuffer(pictures.read(size), np.uint8).reshape(box.height, box.width)
                found = graph.find(np.asarray(cv2.cvtColor(luma, cv2.COLOR_GRAY2BGR), np.uint8))
                gaps.append(ring_opening(found[0].astype(np.float64), INNER_LIPS) if found else np.nan)
    finally:
        graph.close()
    return Lips(sightings[:, 2].astype(np.float64), np.asarray(gaps, np.float64))
