"""One portrait, decoded, checked and ready for an engine."""

from __future__ import annotations

import enum
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from avatard.frame import Picture


class Subject(enum.Enum):
    """Whom a portrait shows: decides which consent it needs."""

    SELF = "self"
    OTHER_PERSON = "other_person"
    SYNTHETIC_PERSON = "synthetic_person"
    STYLISED = "stylised"


@dataclass(frozen=True, slots=True)
class Avatar:
    """A portrait and where its face is. What an engine derives from it is the engine's own.

    pixels: HxWx3 uint8 BGR at the portrait's own size, any aspect, at least 256 px on the shorter side.
    landmarks: 478x3 float32, pixels of `pixels`.
    sha256: hex digest of the file the pixels were decoded from.
    """

    name: str
    pixels: Picture
    landmarks: npt.NDArray[np.float32]
    subject: Subject
    sha256: str
