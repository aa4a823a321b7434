"""Faces of made-up drivers for the tests of this folder: other proportions than the canonical head, moved by units."""

from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from avatard import canonical
from avatard.config import DriveConfig
from avatard.drive import Driver
from avatard.face import Face, Pose
from avatard.face_mesh import RIGID
from avatard.geometry import rotation_matrix, similarity
from avatard.motion import UNIT, UNITS, Motion

FRAME_NS: Final = 40_000_000
START_NS: Final = 5_000_000_000
SHARED: Final = Path(__file__).parents[2].parent / "shared" / "data"


def solve(landmarks: npt.NDArray[np.float32]) -> Pose:
    """A pose as the tracker finds it (stages do not import each other, nor do their tests)."""
    rigid = list(RIGID)
    scale, rotation, translation = similarity(canonical.neutral()[rigid], landmarks[rigid])
    return Pose(rotation, translation, scale)


def face(
    index: int = 0,
    yaw: float = 0,
    pitch: float = 0,
    roll: float = 0,
    x: float = 320,
    skull: tuple[float, float, float] = (1, 1, 1),
    noise: float = 0,
    **units: float,
) -> Face:
    """The index-th face at 25 fps, 90 px between the eyes; `skull` stretches the head (a broad, long, flat one)."""
    local = canonical.neutral().astype(np.float64)
    for name, value in units.items():
        local += value * canonical.basis()[UNIT[name]]
    local = local * skull @ rotation_matrix(yaw, pitch, roll).T * 90 + [x, 220, 0]
    local += np.random.default_rng(index).normal(0, 1, local.shape) * noise
    marks = local.astype(np.float32)
    return Face(marks, solve(marks), 1.0, index, START_NS + index * FRAME_NS)


def show(driver: Driver, seen: Face | None, index: int) -> Motion:
    """One tick of the render thread: what the tracker saw in the index-th frame, then the motion."""
    now_ns = START_NS + index * FRAME_NS
    driver.observe(seen, now_ns)
    return driver.motion(now_ns)


def settled(
    seconds: float = 5,
    config: DriveConfig | None = None,
    skull: tuple[float, float, float] = (1, 1, 1),
    **looks: float,
) -> tuple[Driver, int]:
    """A driver that has watched somebody listen and speak for a while, and the index of the next frame."""
    driver, frames = Driver(config or DriveConfig()), int(seconds * 25)
    for i in range(frames):
        jaw = 0.3 * max(0.0, np.sin(i / 3)) if (i // 50) % 2 else 0.0
        blink = 1.0 if i % 80 in (40, 41, 42) else 0.0
        show(driver, face(i, skull=skull, jawOpen=jaw, eyeBlinkLeft=blink, eyeBlinkRight=blink, **looks), i)
    # `show` eases in from idle: a little more of rest
    for i in range(frames, frames + 15):
        show(driver, face(i, skull=skull, **looks), i)
    return driver, frames + 15


def vector(motion: Motion) -> npt.NDArray[np.float32]:
    """All that moves, as one vector."""
    residual = np.zeros((478, 3), np.float32) if motion.residual is None else motion.residual
    return np.concatenate([motion.rotation, motion.translation, motion.units, residual.ravel()])


assert len(UNITS) == 59
