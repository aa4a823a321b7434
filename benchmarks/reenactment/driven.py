"""A clip as the engines get it: each frame's face and the motion made of it, by the real tracker and driver."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from avatard.capture.file import VideoFile
from avatard.config import DriveConfig, TrackConfig
from avatard.drive import Driver
from avatard.errors import SourceError
from avatard.face import Face
from avatard.frame import Frame, Picture, Stamp
from avatard.motion import Motion
from avatard.timing import NS_PER_S
from avatard.track import open_tracker

Landmarks = npt.NDArray[np.float32]
"""478x3 pixels of the picture they were seen in."""


@dataclass(frozen=True, slots=True)
class Driven:
    """What the stages made of a clip. `faces` holds None where the tracker found nothing."""

    name: str
    fps: float
    faces: list[Face | None]
    motions: list[Motion]


def read(path: Path, most: int | None = None) -> tuple[list[Picture], float]:
    """The first `most` pictures of a clip (all without), and its frames a second. Raises SourceError."""
    with VideoFile(str(path), paced=False) as source:
        pictures = [frame.pixels for frame in islice(_frames(source), most)]
        fps = source.fps
    if not pictures:
        raise SourceError(f"{path} has no frames", "Is it a video? Try to play it.")
    return pictures, fps


def drive(name: str, pictures: Iterable[Picture], fps: float) -> Driven:
    """Track and drive every picture, at the clip's own speed: the filters' lag is in what is measured."""
    driven = Driven(name, fps, [], [])
    driver = Driver(DriveConfig())
    with open_tracker(TrackConfig()) as tracker:
        for frame in timed(pictures, fps):
            face = tracker.track(frame)
            driver.observe(face, frame.captured_ns)
            driven.faces.append(face)
            driven.motions.append(driver.motion(frame.captured_ns))
    return driven


def retrack(pictures: Iterable[Picture], fps: float) -> list[Face | None]:
    """The face in each picture of an engine, as the tracker sees it, not smoothed."""
    with open_tracker(TrackConfig(smooth=False)) as tracker:
        return [tracker.track(frame) for frame in timed(pictures, fps)]


def seen(face: Face) -> Landmarks:
    """Where the landmarks were in this very frame: the smoothed ones are late."""
    return face.landmarks if face.measured is None else face.measured


def timed(pictures: Iterable[Picture], fps: float) -> Iterable[Frame]:
    """Frames stamped from the second second on: at 0 ns a filter takes the stamp for none."""
    for seq, pixels in enumerate(pictures):
        yield Frame(pixels, seq, NS_PER_S + round(seq * NS_PER_S / fps), Stamp.DUE)


def _frames(source: VideoFile) -> Iterable[Frame]:
    while True:
        try:
            frame = source.read(1.0)
        except EOFError:
            return
        assert frame is not None, "an unpaced file does not wait"
        yield frame
