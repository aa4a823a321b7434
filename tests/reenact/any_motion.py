"""Motions as no driver gives them: every number anywhere in its range and beyond."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from avatard.motion import UNITS, Driver, Motion, Part


def _motion(pose: list[float], units: list[float], spread: float, seed: int) -> Motion:
    residual = np.random.default_rng(seed).normal(0, spread, (478, 3)).astype(np.float32)
    part = Part(Driver.CAMERA, 0)
    rotation, translation = np.array(pose[:3], np.float32), np.array(pose[3:], np.float32)
    return Motion(rotation, translation, np.array(units, np.float32), residual, part, part, part)


#: Rotation (radians) and translation (eye distances) within ±2, units within ±1, landmarks off by up to half an eye
#: distance (one sigma).
MOTIONS: st.SearchStrategy[Motion] = st.builds(
    _motion,
    pose=st.lists(st.floats(-2, 2), min_size=6, max_size=6),
    units=st.lists(st.floats(-1, 1), min_size=len(UNITS), max_size=len(UNITS)),
    spread=st.floats(0, 0.5),
    seed=st.integers(0, 9),
)
