"""Random performances: speech-like mouths, blinks, glances, brows, smiles and a turning head, frame by frame."""

from __future__ import annotations

from dataclasses import dataclass

import recipes  # noqa: F401
import numpy as np
import talk
from numpy.random import Generator
from numpy.typing import NDArray

Curve = NDArray[np.float64]

FPS = 25
#: Units that have no left and right.
MIDDLE = {
    "jawOpen", "mouthFunnel", "mouthPucker", "mouthRollLower", "mouthRollUpper", "mouthShrugLower", "mouthShrugUpper",
    "mouthClose", "jawForward", "jawLeft", "jawRight", "mouthLeft", "mouthRight", "tongueOut", "browInnerUp",
    "cheekPuff",
}  # fmt: skip
#: How high each viseme's tongue is; the others' lies.
TONGUE = {"TH": 0.8, "DD": 0.75, "SS": 0.55, "RR": 0.5, "CH": 0.5, "KK": 0.35, "IH": 0.3, "EH": 0.2}
#: Slow additions: unit, chance, most.
SLOW = (
    ("mouthSmile", 0.35, 0.8), ("mouthFrown", 0.15, 0.5), ("mouthStretch", 0.15, 0.4), ("mouthPress", 0.1, 0.5),
    ("mouthUpperUp", 0.15, 0.4), ("mouthLowerDown", 0.2, 0.5), ("mouthDimple", 0.1, 0.5), ("mouthShrugLower", 0.1, 0.5),
    ("mouthRollLower", 0.08, 0.4), ("mouthPucker", 0.12, 0.7), ("mouthFunnel", 0.12, 0.6), ("mouthLeft", 0.06, 0.4),
    ("mouthRight", 0.06, 0.4), ("jawLeft", 0.05, 0.4), ("jawRight", 0.05, 0.4), ("noseSneer", 0.08, 0.5),
    ("browInnerUp", 0.25, 0.8), ("browOuterUp", 0.25, 0.7), ("browDown", 0.25, 0.7), ("cheekSquint", 0.2, 0.6),
    ("eyeSquint", 0.3, 0.6), ("eyeWide", 0.15, 0.5), ("jawOpen", 0.15, 0.6),
)  # fmt: skip


@dataclass(frozen=True)
class Instant:
    """One frame: units, turn (yaw, pitch, roll) and gaze (yaw, pitch) in degrees, tongue 0..1."""

    units: dict[str, float]
    turn: tuple[float, float, float]
    gaze: tuple[float, float]
    tongue: float


def wave(random: Generator, frames: int, slow_s: float) -> Curve:
    """Smooth noise of about unit size that changes over `slow_s` seconds."""
    pieces = max(1, round(frames / FPS / slow_s))
    values = random.normal(0, 1, pieces + 3)
    at = np.linspace(0, pieces, frames, endpoint=False)
    i, t = at.astype(int), at % 1
    p = [values[i + k] for k in range(4)]
    near = (3 * t**3 - 6 * t**2 + 4) * p[1] + (-3 * t**3 + 3 * t**2 + 3 * t + 1) * p[2]
    return ((1 - t) ** 3 * p[0] + near + t**3 * p[3]) / 6 * 1.6


def speech(random: Generator, frames: int) -> tuple[dict[str, Curve], Curve]:
    """Units and the tongue's height: visemes that overlap, with pauses."""
    t = np.arange(frames) / FPS
    total, sums, tongue = np.full(frames, 1e-6), {}, np.zeros(frames)
    loud = float(random.uniform(0.5, 1.35))
    tempo = float(random.uniform(0.8, 1.5))
    at = float(random.uniform(-0.4, 0.3))
    while at < t[-1] + 0.2:
        if random.random() < 0.07:
            name, length = "", float(random.uniform(0.2, 0.8))
        else:
            name, length = str(random.choice(list(talk.VISEMES))), float(random.uniform(0.07, 0.17)) * tempo
        w = np.exp(-0.5 * ((t - at - length / 2) / (0.55 * length + 0.012)) ** 2) ** 1.6
        strength, shape = talk.VISEMES.get(name, (1.5, {}))
        w = w * strength
        total += w
        scale = loud * float(random.uniform(0.6, 1.3))
        for unit, value in shape.items():
            sums[unit] = sums.get(unit, np.zeros(frames)) + w * value * scale
        tongue += w * TONGUE.get(name, 0.0) * float(random.uniform(0.3, 1.3))
        at += length
    return {unit: curve / total for unit, curve in sums.items()}, np.clip(tongue / total, 0, 1)


def perform(random: Generator, frames: int) -> list[Instant]:
    """A performance. The first frame is any frame of speech in half of them, and at rest in the others."""
    curves, tongue = speech(random, frames)
    if random.random() < 0.5:
        quiet = np.clip((np.arange(frames) - 2) / 4, 0, 1)
        curves = {unit: curve * quiet for unit, curve in curves.items()}
    for unit, chance, most in SLOW:
        if random.random() < chance:
            bump = np.clip(wave(random, frames, 0.6), 0, 1) * float(random.uniform(0.2, 1)) * most
            curves[unit] = curves.get(unit, 0) + bump
    units: dict[str, Curve] = {}
    lean = float(random.normal(0, 0.12))
    for unit, curve in curves.items():
        if unit in MIDDLE:
            units[unit] = curve
        else:
            units[f"{unit}Left"], units[f"{unit}Right"] = curve * (1 + lean), curve * (1 - lean)
    blink = np.zeros(frames)
    for _ in range(int(random.integers(1, 4))):
        t = np.arange(frames) - float(random.uniform(2, frames))
        shut = np.clip(np.where(t < 0, -t / 2.2, np.maximum(0, t - 0.8) / 3.5), 0, 1)
        blink = np.maximum(blink, (1 - shut * shut * (3 - 2 * shut)) * float(random.choice([1, 1, 1, 0.6])))
    for side in ("Left", "Right"):
        units[f"eyeBlink{side}"] = blink
    reach = float(random.choice([0.35, 1.0, 1.6]))
    turn = [s * reach * wave(random, frames, 0.9) for s in (8.0, 4.5, 3.0)]
    glance = np.zeros((2, frames))
    for start in np.sort(random.uniform(-10, frames, 4)):
        where = random.normal(0, 1, 2) * (10, 5) if random.random() < 0.7 else np.zeros(2)
        glance[:, max(0, int(start)) :] = np.clip(where, (-22, -12), (22, 12))[:, None]
    gaze = glance - 0.6 * np.stack(turn[:2])
    out = []
    for i in range(frames):
        frame = {unit: float(np.clip(curve[i], 0, 1.2)) for unit, curve in units.items()}
        wide = frame.get("eyeWideLeft", 0.0)
        if wide and blink[i] > 0.2:
            frame["eyeWideLeft"] = frame["eyeWideRight"] = 0.0
        look = (float(np.clip(gaze[0, i], -28, 28)), float(np.clip(gaze[1, i], -16, 16)))
        for side, outward in (("Left", 1.0), ("Right", -1.0)):
            frame[f"eyeLookUp{side}"] = max(0.0, look[1] / 30)
            frame[f"eyeLookDown{side}"] = max(0.0, -look[1] / 30)
            frame[f"eyeLookOut{side}"] = max(0.0, look[0] / 30 * outward)
            frame[f"eyeLookIn{side}"] = max(0.0, -look[0] / 30 * outward)
        out.append(Instant(frame, (float(turn[0][i]), float(turn[1][i]), float(turn[2][i])), look, float(tongue[i])))
    return out
