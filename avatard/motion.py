"""What the avatar shows at one instant: head pose, named expression, and what the names cannot say.

One space for all that can move a face: camera, microphone, typed speech and idle give the same `Motion`, in
the proportions of a canonical head, and any engine draws it on any portrait. No stage invents a space of its own.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

#: The 52 face units of Apple's ARKit, under their published names.
ARKIT = (
    "eyeBlinkLeft", "eyeLookDownLeft", "eyeLookInLeft", "eyeLookOutLeft", "eyeLookUpLeft", "eyeSquintLeft",
    "eyeWideLeft", "eyeBlinkRight", "eyeLookDownRight", "eyeLookInRight", "eyeLookOutRight", "eyeLookUpRight",
    "eyeSquintRight", "eyeWideRight", "jawForward", "jawLeft", "jawRight", "jawOpen", "mouthClose", "mouthFunnel",
    "mouthPucker", "mouthLeft", "mouthRight", "mouthSmileLeft", "mouthSmileRight", "mouthFrownLeft",
    "mouthFrownRight", "mouthDimpleLeft", "mouthDimpleRight", "mouthStretchLeft", "mouthStretchRight",
    "mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper", "mouthPressLeft", "mouthPressRight",
    "mouthLowerDownLeft", "mouthLowerDownRight", "mouthUpperUpLeft", "mouthUpperUpRight", "browDownLeft",
    "browDownRight", "browInnerUp", "browOuterUpLeft", "browOuterUpRight", "cheekPuff", "cheekSquintLeft",
    "cheekSquintRight", "noseSneerLeft", "noseSneerRight", "tongueOut",
)  # fmt: skip

#: Where the eyes look, -1..1 of the eye's reach: x to the picture's right, y down. Each eye for itself.
GAZE = ("gazeLeftX", "gazeLeftY", "gazeRightX", "gazeRightY")

#: Where the tongue is, 0..1: height of the tip, tip at the teeth, tip between the teeth.
TONGUE = ("tongueUp", "tongueTeeth", "tongueBetween")

#: Every named unit, in the order of `Motion.units`. Left and right are the subject's own, as in ARKit.
UNITS = ARKIT + GAZE + TONGUE
UNIT = {name: index for index, name in enumerate(UNITS)}


class Driver(enum.Enum):
    """Who moves a part of the avatar."""

    CAMERA = "camera"
    SPEECH = "speech"
    VOICE = "voice"
    IDLE = "idle"


@dataclass(frozen=True, slots=True)
class Part:
    """Provenance of one part of a `Motion`: who moved it, and when that was observed (monotonic ns)."""

    driver: Driver
    observed_ns: int


@dataclass(frozen=True, slots=True)
class Motion:
    """A pose and expression for any portrait.

    rotation: 3 float32, radians, of the head about the portrait's own rest pose, applied yaw, then pitch, then roll:
        yaw > 0 turns the face to the picture's right, pitch > 0 nods down, roll > 0 tilts clockwise as seen.
    translation: 3 float32, in eye distances, of the point the head turns about (`canonical.NECK`): x to the picture's
        right, y down, z unused (scale is locked).
    units: `len(UNITS)` float32, each 0..1 (`GAZE` -1..1).
    residual: 478x3 float32 or None: displacement of the canonical head's landmarks, in eye distances, in the
        head's own frame, beyond what `units` give through the basis of `canonical.py`.
    head, face, mouth: provenance of pose, of eyes and brows, and of the mouth.
    """

    rotation: npt.NDArray[np.float32]
    translation: npt.NDArray[np.float32]
    units: npt.NDArray[np.float32]
    residual: npt.NDArray[np.float32] | None
    head: Part
    face: Part
    mouth: Part

    def __getitem__(self, unit: str) -> float:
        return float(self.units[UNIT[unit]])


def rest(now_ns: int) -> Motion:
    """The portrait as it is: no rotation, no expression."""
    part = Part(Driver.IDLE, now_ns)
    zero = np.zeros(3, np.float32)
    return Motion(zero, zero, np.zeros(len(UNITS), np.float32), None, part, part, part)


@dataclass(frozen=True, slots=True)
class DriverPatch:
    """The driver's inner mouth, and nothing else: the only camera pixels that can ever reach an engine.

    Made by the pipeline only when the user chose `mouth = "own"` and the face is tracked in this very frame.
    pixels: HxWx3 uint8 BGR, a crop around the inner lips; outside their polygon it is black.
    lips: 20x2 float32, the inner-lip landmarks in the crop's pixels (`INNER_LIPS` order of `face_mesh.py`).
    skin: 3 float32, mean BGR of the driver's cheeks, for matching colours per channel.
    """

    pixels: npt.NDArray[np.uint8]
    lips: npt.NDArray[np.float32]
    skin: npt.NDArray[np.float32]
    captured_ns: int = field(default=0)
