"""Whether the output does what the driver does: the expression of both, and the landmarks of both."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from avatard.drive.regions import AT, measure
from avatard.face import Face
from avatard.track.pose import solve, unpose
from benchmarks.reenactment.driven import seen
from benchmarks.reenactment.regions import GROUPS, eye_distance

#: Expression → the measures of `drive/regions.py` that it is the mean of. All of the face without its pose.
EXPRESSIONS: Final = {
    "mouth_open": ("gap",),
    "mouth_width": ("width",),
    "lids": ("lidLeft", "lidRight"),
    "gaze_x": ("irisLeftX", "irisRightX"),
}
NAMES: Final = tuple(EXPRESSIONS)
#: Share of the clip's median opening below which an eye shows too little of the iris to tell where it looks.
SHUT: Final = 0.6

Series = npt.NDArray[np.float64]
"""NxE: `EXPRESSIONS` of N pictures, nan where there was nothing to measure."""


def expressions(faces: Sequence[Face | None]) -> Series:
    """The expressions of each face as it was measured in its own picture (not smoothed). No face, no expression; a
    shut eye, no gaze."""
    series = np.full((len(faces), len(NAMES)), np.nan)
    for row, face in zip(series, faces, strict=True):
        if face is not None:
            landmarks = seen(face)
            measured = measure(unpose(landmarks, solve(landmarks)))
            row[:] = [measured[[AT[name] for name in names]].mean() for names in EXPRESSIONS.values()]
    lids = series[:, NAMES.index("lids")]
    if np.isfinite(lids).any():
        series[lids < SHUT * np.nanmedian(lids), NAMES.index("gaze_x")] = np.nan
    return series


def correlations(pairs: Sequence[tuple[Series, Series]]) -> dict[str, float]:
    """Pearson's r of each expression between driver and output over several clips, each about its own mean: a clip
    counts by how much its driver moves, so one who stares adds no chance figure. nan where nothing moves."""
    found = {}
    for i, name in enumerate(NAMES):
        parts = []
        for driver, output in pairs:
            both = np.isfinite(driver[:, i]) & np.isfinite(output[:, i])
            if both.any():
                parts.append(
                    np.stack([driver[both, i], output[both, i]]) - [[driver[both, i].mean()], [output[both, i].mean()]]
                )
        found[name] = _pearson(np.concatenate(parts, 1)) if parts else float("nan")
    return found


def landmark_distance(driver: Face, output: Face) -> dict[str, float]:
    """Mean distance in the picture's plane, in % of the driver's eye distance, of each of `GROUPS` ("average keypoint
    distance"). Both faces in pixels of the same picture."""
    wanted, got = seen(driver), seen(output)
    apart = np.linalg.norm(wanted[:, :2] - got[:, :2], axis=1)
    return {name: float(100 * apart[list(group)].mean() / eye_distance(wanted)) for name, group in GROUPS.items()}


def _pearson(both: Series) -> float:
    """Of two rows with mean 0."""
    a, b = both
    size = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / size if len(a) > 2 and size > 1e-12 else float("nan")
