"""A driver who holds still before a camera with sensor noise: whatever moves in the output then is flicker."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from avatard.frame import Picture
from avatard.motion import Motion
from avatard.reenact import Engine
from benchmarks.reenactment.driven import Driven, drive, seen
from benchmarks.reenactment.expression import EXPRESSIONS, expressions
from benchmarks.reenactment.picture import mean_in, second_difference
from benchmarks.reenactment.regions import background, regions
from benchmarks.reenactment.stage import Place, draw

SEED: Final = 3
#: Grey levels, standard deviation: a webcam in a lit room.
NOISE: Final = 2.0
#: Pictures held, and how many of them the filters get to come to rest.
HELD, SETTLE = 36, 12
REGIONS: Final = ("background", "face", "mouth", "eyes")


def holds(pictures: Sequence[Picture], driven: Driven) -> list[Driven]:
    """The motions of two drivers who stop: at the clip's first picture (the portrait's own face, at rest), and at
    the picture with the widest mouth, come to as in the clip."""
    opening = expressions(driven.faces)[:, list(EXPRESSIONS).index("mouth_open")]
    widest = 0 if np.isnan(opening).all() else int(np.nanargmax(opening))
    return [_hold(pictures[: stop + 1], driven.fps) for stop in sorted({0, widest})]


def flicker(engine: Engine, place: Place, held: Sequence[Driven]) -> dict[str, float]:
    """Second difference over time of the output, grey levels, by region (`REGIONS`): mean over the holds."""
    by_region: dict[str, list[float]] = {name: [] for name in REGIONS}
    for hold in held:
        face = hold.faces[-1]
        if face is None:
            continue
        engine.warm_up()
        pictures = [draw(engine, motion).copy() for motion in _needed(hold.motions)][-(HELD - SETTLE) :]
        moved = second_difference(pictures)
        at = place.forth(seen(face))
        masks = {**regions(at, moved.shape), "background": background(at, moved.shape)}
        for name, values in by_region.items():
            values.append(mean_in(moved, masks[name]))
    return {name: float(np.mean(values)) if values else float("nan") for name, values in by_region.items()}


def _needed(motions: list[Motion]) -> list[Motion]:
    """An engine keeps little of the past: a second of it before the hold is enough."""
    return motions[-(HELD + 25) :]


def _hold(pictures: Sequence[Picture], fps: float) -> Driven:
    random = np.random.default_rng([SEED, len(pictures)])
    last = pictures[-1].astype(np.float32)
    noisy = (last + random.normal(0, NOISE, last.shape).astype(np.float32) for _ in range(HELD))
    still = [np.clip(np.rint(picture), 0, 255).astype(np.uint8) for picture in noisy]
    return drive("held", [*pictures, *still], fps)
