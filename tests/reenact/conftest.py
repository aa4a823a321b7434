"""Portraits and motions that the engine's tests share."""

from __future__ import annotations

import numpy as np
import pytest

from avatard.avatar import Avatar, Subject
from avatard.motion import UNIT, UNITS, Driver, Motion, Part
from tests.reenact.drawn_face import Move, drawn_portrait


@pytest.fixture(scope="session")
def move() -> Move:
    """move(yaw, pitch, roll in degrees, shift=(x, y), driver=..., **units)."""

    def motion(
        yaw: float = 0,
        pitch: float = 0,
        roll: float = 0,
        shift: tuple[float, float] = (0, 0),
        driver: Driver = Driver.CAMERA,
        **units: float,
    ) -> Motion:
        vector = np.zeros(len(UNITS), np.float32)
        for name, value in units.items():
            vector[UNIT[name]] = value
        part = Part(driver, 0)
        rotation = np.radians(np.array([yaw, pitch, roll], np.float32))
        return Motion(rotation, np.array([*shift, 0], np.float32), vector, None, part, part, part)

    return motion


@pytest.fixture(scope="session")
def drawn() -> Avatar:
    """`drawn_portrait`."""
    return drawn_portrait()


@pytest.fixture(scope="session")
def astronaut() -> Avatar:
    """A photograph of somebody who smiles with her teeth, a flag and a rocket behind her (NASA, public domain)."""
    from skimage.data import astronaut as picture

    from avatard.track.portrait import find_faces

    pixels = np.ascontiguousarray(picture()[..., ::-1])  # type: ignore[no-untyped-call]
    return Avatar("astronaut", pixels, find_faces(pixels)[0].landmarks, Subject.OTHER_PERSON, "")
