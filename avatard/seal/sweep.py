"""A quick look at many scales: which are worth a closer one."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import cv2
import numpy as np

from avatard.seal.fold import Folder, Sums
from avatard.seal.residual import Residual

#: Folds that go through the Fourier transform together: 4 MB, and twice as fast as one by one.
BATCH = 128


@dataclass(frozen=True, slots=True)
class Candidate:
    """A supposed scale in a part of the picture, and how well it matched."""

    z: float
    across: float  #: pixels per chip, horizontally
    down: float  #: and vertically
    part: tuple[slice, slice]  #: rows and columns of the residual


def sweep(
    folder: Folder, residual: Residual, smallest: float, largest: float, aspect: float = 1.0, *, parts: bool = False
) -> Iterator[Candidate]:
    """Every scale from `smallest` to `largest` pixels per chip (vertically; `aspect` times that horizontally).

    parts: look at nine overlapping quarters of the picture instead of the whole.
    """
    folds = _folds(folder, residual, smallest, largest, aspect, parts)
    while batch := list(islice(folds, BATCH)):
        heights = folder.surfaces(np.stack([sums for sums, *_ in batch])).max(axis=(1, 2, 3))
        for z, (_, across, down, part) in zip(heights, batch, strict=True):
            yield Candidate(float(z), across, down, part)


def _folds(
    folder: Folder, residual: Residual, smallest: float, largest: float, aspect: float, parts: bool
) -> Iterator[tuple[Sums, float, float, tuple[slice, slice]]]:
    """The sums at each length of the longer side in whole samples: cv2.resize is four times as fast as an exact warp,
    and whole samples move the far end by half a chip, half of what a peak bears."""
    height, width = residual.shape
    side, samples = folder.side, folder.samples
    tall, wide = height, width / aspect
    longer = max(tall, wide)
    # A quarter of the picture holds half the chips across, so its peaks are twice as wide.
    for length in range(int(longer * samples / largest), int(longer * samples / smallest) + 1, 2 if parts else 1):
        rows, columns = max(1, round(length * tall / longer)), max(1, round(length * wide / longer))
        scaled = cv2.resize(residual, (columns, rows), interpolation=cv2.INTER_LINEAR)
        down, across = math.ceil(rows / side), math.ceil(columns / side)
        whole = np.zeros((down * side, across * side), np.float32)
        whole[:rows, :columns] = scaled
        tiles = whole.reshape(down, side, across, side)
        x, y = width / columns, height / rows  # pixels per sample
        for top, bottom in _spans(down, parts):
            for left, right in _spans(across, parts):
                sums = tiles[top:bottom, :, left:right].sum(axis=0).sum(axis=1)
                part = (
                    slice(int(top * side * y), int(bottom * side * y)),
                    slice(int(left * side * x), int(right * side * x)),
                )
                yield sums, x * samples, y * samples, part


def _spans(count: int, parts: bool) -> list[tuple[int, int]]:
    """All of `count` tiles, or their first, middle and last half."""
    if not parts or count < 2:
        return [(0, count)]
    half = math.ceil(count / 2)
    return [(start, start + half) for start in sorted({0, (count - half) // 2, count - half})]
