"""What a reader of a sink saw: which frame, taken when, first seen when."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from avatard.bench.result import Reader
from avatard.timing import NS_PER_S

Sightings: TypeAlias = npt.NDArray[np.int64]
"""Nx3: sequence number, captured_ns, seen_ns, in the order seen; one row a change of the picture."""


def first_sights(sightings: Sightings) -> Sightings:
    """The first of each frame, without those that are no frame of a camera (negative sequence number)."""
    frames = sightings[sightings[:, 0] >= 0]
    _, first = np.unique(frames[:, 0], return_index=True)
    return frames[np.sort(first)]


def ages_ns(sightings: Sightings) -> npt.NDArray[np.int64]:
    """How old each frame was when it was first seen."""
    first = first_sights(sightings)
    ages: npt.NDArray[np.int64] = first[:, 2] - first[:, 1]
    return ages


def report(sightings: Sightings, fps: float) -> Reader:
    """Count what a reader at `fps` pictures a second would have noticed."""
    first = first_sights(sightings)
    if len(first) < 2:
        return Reader(len(first), 0, 0, 0)
    # A gap of 1.5 periods or more is at least one period in which a reader showed the old picture again.
    periods = np.diff(first[:, 2]) * fps / NS_PER_S
    repeats = int(np.maximum(0, np.floor(periods + 0.5) - 1).sum())
    sequence = first[:, 0]
    reordered = int((sequence < np.maximum.accumulate(sequence)).sum())
    dropped = int(sequence.max() - sequence.min() + 1 - len(sequence))
    return Reader(len(first), repeats, dropped, reordered)
