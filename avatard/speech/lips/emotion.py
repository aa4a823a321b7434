"""Emotions that a phrase is said with: a face that stays while the mouth speaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from avatard.speech.lips.shapes import Units, units


@dataclass(frozen=True, slots=True)
class Emotion:
    """units: of the whole face, added to what the sounds want of it. rotation: 3 float32, radians. lively: factor on
    the gestures of head and brows."""

    units: Units
    rotation: npt.NDArray[np.float32]
    lively: float = 1.0


def _emotion(turn: tuple[float, float, float] = (0, 0, 0), lively: float = 1.0, **values: float) -> Emotion:
    """turn: degrees of yaw, pitch and roll."""
    return Emotion(units(**values), np.radians(turn).astype(np.float32), lively)


#: By name. Each is what one sees on a face that talks in a call: on a face at rest one would give more.
EMOTIONS: Final = {
    "neutral": _emotion(),
    "warm": _emotion((0, 0, 1.5), mouthSmile=0.22, cheekSquint=0.15, eyeSquint=0.12, browInnerUp=0.08),
    "happy": _emotion(
        (0, -1, 0), 1.3, mouthSmile=0.45, cheekSquint=0.4, eyeSquint=0.25, browInnerUp=0.12, browOuterUp=0.15
    ),
    "sad": _emotion(
        (0, 2.5, 1.5), 0.5, mouthFrown=0.4, mouthShrugLower=0.12, browInnerUp=0.6, browDown=0.12, eyeBlink=0.14
    ),
    "surprised": _emotion((0, -2, 0), 1.2, browInnerUp=0.65, browOuterUp=0.6, eyeWide=0.3, jawOpen=0.06),
    "worried": _emotion((0, 1, 0), 0.8, browInnerUp=0.55, browDown=0.2, mouthStretch=0.12, mouthFrown=0.15),
    "angry": _emotion((0, 1.5, 0), 1.1, browDown=0.65, eyeSquint=0.3, noseSneer=0.25, mouthFrown=0.2, mouthPress=0.1),
}
