"""The performer's part: periodic curves for speech, blinks, gaze, brows and head, one value a frame.

Every curve is a smooth function of the time modulo the clip's length, so the last frame flows into the first.
Pure numpy; `python talk.py` prints a summary.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

Curve = NDArray[np.float64]

FPS = 30
SECONDS = 10.4  # 312 frames
BLINKS = (1.15, 3.55, 5.05, 7.5, 9.7)  # seconds, middle of the closure
BLINK_HALF = (0.075, 0.125)  # seconds to close and to open again: 200 ms in all

# Viseme → ARKit units. `weight` is how strongly it resists its neighbours (closures must really close).
VISEMES: dict[str, tuple[float, dict[str, float]]] = {
    "PP": (3.2, {"mouthPress": 0.42, "mouthRollLower": 0.22, "mouthRollUpper": 0.2, "mouthShrugLower": 0.1}),
    "FF": (1.8, {"jawOpen": 0.06, "mouthRollLower": 0.42, "mouthUpperUp": 0.22}),
    "TH": (1.0, {"jawOpen": 0.16, "mouthLowerDown": 0.14, "tongueOut": 0.12}),
    "DD": (1.0, {"jawOpen": 0.15, "mouthLowerDown": 0.22, "mouthUpperUp": 0.08}),
    "KK": (0.8, {"jawOpen": 0.22, "mouthStretch": 0.12, "mouthLowerDown": 0.1}),
    "CH": (1.2, {"jawOpen": 0.13, "mouthFunnel": 0.6, "mouthPucker": 0.15}),
    "SS": (1.1, {"jawOpen": 0.06, "mouthStretch": 0.25, "mouthLowerDown": 0.25, "mouthUpperUp": 0.12}),
    "RR": (1.0, {"jawOpen": 0.17, "mouthFunnel": 0.38, "mouthPucker": 0.1}),
    "AA": (1.2, {"jawOpen": 0.62, "mouthLowerDown": 0.22, "mouthUpperUp": 0.12}),
    "EH": (1.0, {"jawOpen": 0.36, "mouthStretch": 0.22, "mouthSmile": 0.15, "mouthLowerDown": 0.15}),
    "IH": (1.0, {"jawOpen": 0.2, "mouthSmile": 0.3, "mouthStretch": 0.15, "mouthLowerDown": 0.2}),
    "OH": (1.2, {"jawOpen": 0.42, "mouthFunnel": 0.5, "mouthPucker": 0.15}),
    "OU": (1.3, {"jawOpen": 0.14, "mouthPucker": 0.7, "mouthFunnel": 0.2}),
}

# (start in seconds, "viseme:frames" ...): "hello, good morning everybody" / "my name is Bo, what a fine
# day to move" / "maybe we should speak about it more often" / "bye for now".
PHRASES: tuple[tuple[float, str], ...] = (
    (
        0.45,
        "KK:2 EH:3 DD:2 OH:5 KK:2 OU:3 DD:2 PP:3 OH:4 RR:2 DD:2 IH:2 KK:2 EH:3 FF:3 RR:2 IH:3 PP:3 AA:4 DD:2 IH:4",
    ),
    (
        2.35,
        "PP:3 AA:5 DD:2 EH:4 PP:3 IH:2 SS:3 PP:3 OH:7 OU:3 AA:3 DD:2 AA:2 FF:3 AA:5 DD:2 DD:2 "
        "EH:5 DD:2 OU:2 PP:3 OU:5 FF:3",
    ),
    (
        5.75,
        "PP:3 EH:3 PP:3 IH:3 OU:2 IH:2 CH:3 OU:2 DD:2 SS:3 PP:3 IH:4 KK:2 AA:2 PP:3 AA:5 DD:2 "
        "IH:2 DD:2 PP:3 OH:5 RR:3 AA:5 FF:3 EH:2 DD:3",
    ),
    (8.75, "PP:3 AA:7 FF:3 OH:4 RR:2 DD:2 AA:5 OU:4"),
)

# Keys as (seconds, degrees or weight); periodic cubic splines run through them.
YAW = (
    (0.0, 0.0),
    (1.0, 2.0),
    (2.0, -3.0),
    (3.0, 5.0),
    (4.0, 17.0),
    (4.6, 17.5),
    (5.5, 1.0),
    (6.4, -16.5),
    (7.1, -17.5),
    (8.1, -3.0),
    (9.2, 2.0),
)
PITCH = (
    (0.0, 0.0),
    (1.0, -2.0),
    (2.1, 1.0),
    (3.1, 2.0),
    (4.3, 3.0),
    (5.3, 10.0),
    (6.1, 2.0),
    (7.0, -3.0),
    (7.9, -10.0),
    (8.8, -2.0),
    (9.7, 1.0),
)
ROLL = (
    (0.0, 0.0),
    (1.4, 2.0),
    (2.6, -2.0),
    (3.8, -4.0),
    (5.2, -1.0),
    (6.5, 5.0),
    (7.6, 3.0),
    (8.7, -6.0),
    (9.8, 0.5),
)
GLANCES = (
    (2.9, 3.3, 14.0, 2.0),
    (4.55, 5.0, 4.0, 8.0),
    (6.9, 7.4, -13.0, -4.0),
    (9.1, 9.5, 12.0, 7.0),
)  # from, to, yaw, pitch
RAISES = (
    (0.95, 0.28, 0.7),
    (3.1, 0.3, 0.55),
    (5.2, 0.45, 0.9),
    (6.6, 0.25, 0.5),
    (9.0, 0.3, 0.8),
)  # at, half width, weight
FROWNS = ((7.7, 0.4, 0.7),)
SMILES = ((4.95, 0.75, 0.75), (9.9, 0.65, 0.7), (2.0, 0.4, 0.3))


@dataclass(frozen=True)
class Part:
    """All curves, one row a frame; angles in degrees."""

    units: dict[str, Curve]
    yaw: Curve
    pitch: Curve
    roll: Curve
    gaze_yaw: Curve
    gaze_pitch: Curve

    def frame(self, i: int) -> tuple[dict[str, float], dict[str, float | tuple[float, float]]]:
        """Expression and pose of frame `i`, as `Head.pose` takes them."""
        units = {name: float(curve[i]) for name, curve in self.units.items()}
        gaze = (float(self.gaze_yaw[i]), float(self.gaze_pitch[i]))
        return units, {
            "yaw": float(self.yaw[i]),
            "pitch": float(self.pitch[i]),
            "roll": float(self.roll[i]),
            "gaze": gaze,
        }


def frames() -> int:
    """The clip's length in frames."""
    return round(FPS * SECONDS)


def _since(moment: float) -> Curve:
    """Signed time (seconds) of each frame from `moment`, the short way round the loop."""
    t = np.arange(frames()) / FPS - moment
    return (t + SECONDS / 2) % SECONDS - SECONDS / 2


def _spline(keys: tuple[tuple[float, float], ...], limit: float) -> Curve:
    """A periodic spline through the keys, scaled so that its largest value is `limit`."""
    x, y = zip(*keys, (SECONDS, keys[0][1]), strict=True)
    curve = CubicSpline(x, y, bc_type="periodic")(np.arange(frames()) / FPS)
    return curve * min(1.0, limit / np.abs(curve).max())


def _hump(moment: float, half: float, weight: float) -> Curve:
    """A smooth rise and fall around `moment`: raised cosine squared."""
    x = np.clip(_since(moment) / (half * 1.6), -1, 1)
    return weight * (0.5 + 0.5 * np.cos(np.pi * x)) ** 1.4


def blinks() -> Curve:
    """0 open, 1 closed; faster down than up."""
    out = np.zeros(frames())
    for moment in BLINKS:
        t = _since(round(moment * FPS) / FPS)  # on a frame, so that full closure is seen
        x = np.clip(np.where(t < 0, -t / BLINK_HALF[0], np.maximum(0, t - 0.02) / BLINK_HALF[1]), 0, 1)
        out = np.maximum(out, 1 - x * x * (3 - 2 * x))
    return out


def speech() -> dict[str, Curve]:
    """Overlapping visemes: each frame is the weighted mean of the neighbours and of rest (coarticulation)."""
    total = np.full(frames(), 1e-6)
    sums: dict[str, Curve] = {}
    silence = np.ones(frames())
    for start, text in PHRASES:
        words = [(name, int(n)) for name, n in (token.split(":") for token in text.split())]
        length = sum(n for _, n in words) / FPS
        edge = np.clip((length / 2 + 0.10 - np.abs(_since(start + length / 2))) / 0.12, 0, 1)
        silence = np.minimum(silence, 1 - edge * edge * (3 - 2 * edge))
        at = start
        for name, n in words:
            strength, shape = VISEMES[name]
            width = n / FPS * 0.62 + 0.012
            w = strength * np.exp(-0.5 * (_since(at + n / FPS / 2) / width) ** 2)
            w = w**1.6  # sharper than a plain mean, so that short closures are reached
            total += w
            for unit, value in shape.items():
                sums[unit] = sums.get(unit, np.zeros(frames())) + w * value
            at += n / FPS
    return {unit: curve / total * (1 - silence) for unit, curve in sums.items()}


def perform() -> Part:
    """The whole part."""
    units: dict[str, Curve] = {}
    for name, curve in speech().items():
        sided = name not in (
            "jawOpen",
            "mouthFunnel",
            "mouthPucker",
            "mouthRollLower",
            "mouthRollUpper",
            "mouthShrugLower",
            "tongueOut",
        )
        for unit in (f"{name}Left", f"{name}Right") if sided else (name,):
            units[unit] = curve
    smile = sum((_hump(*s) for s in SMILES), np.zeros(frames()))
    raise_ = sum((_hump(*r) for r in RAISES), np.zeros(frames()))
    frown = sum((_hump(*f) for f in FROWNS), np.zeros(frames()))
    blink = blinks()
    for side in ("Left", "Right"):
        units[f"mouthSmile{side}"] = units.get(f"mouthSmile{side}", 0) + smile * (1.0 if side == "Left" else 0.92)
        units[f"cheekSquint{side}"] = 0.5 * smile
        units[f"eyeSquint{side}"] = 0.25 * smile
        units[f"browOuterUp{side}"] = 0.7 * raise_
        units[f"browDown{side}"] = frown
        units[f"eyeWide{side}"] = 0.25 * raise_ * (1 - blink)
        units[f"eyeBlink{side}"] = blink
    units["browInnerUp"] = raise_
    yaw, pitch, roll = _spline(YAW, 18.0), _spline(PITCH, 10.0), _spline(ROLL, 6.0)
    gaze_yaw, gaze_pitch = -0.7 * yaw, -0.6 * pitch  # the eyes hold the camera while the head turns
    for start, stop, gy, gp in GLANCES:
        half = (stop - start) / 2
        edge = np.clip((half + 0.04 - np.abs(_since(start + half))) / 0.08, 0, 1)  # an 80 ms saccade
        on = edge * edge * (3 - 2 * edge)
        gaze_yaw, gaze_pitch = gaze_yaw + on * (gy - gaze_yaw), gaze_pitch + on * (gp - gaze_pitch)
    return Part(units, yaw, pitch, roll, gaze_yaw, gaze_pitch)


if __name__ == "__main__":
    part = perform()
    for label, values in sorted(part.units.items()):
        jump = np.abs(values - np.roll(values, 1)).max()
        print(f"{label:20s} {values.min():.2f} {values.max():.2f} jump {jump:.2f}")
