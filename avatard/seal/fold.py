"""Folding: a residual at a supposed scale is laid tile on tile, and the sum compared with the mark's sync pattern at
every shift at once, by Fourier transform. A wrong scale smears the sum; the right one gives a peak."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
import numpy.typing as npt

from avatard.seal.chips import SIDE, Chips
from avatard.seal.mark import smoothed
from avatard.seal.residual import Residual

Sums: TypeAlias = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Peak:
    """The best shift at one supposed scale. z: its height in standard deviations of all shifts."""

    z: float
    across: float  #: pixels per chip, horizontally
    down: float  #: and vertically
    mirrored: bool
    shift: tuple[int, int]  #: rows, columns, in samples


class Folder:
    """Folds at one fineness: `samples` per chip. Immutable."""

    def __init__(self, chips: Chips, samples: int) -> None:
        self.samples = samples
        self.side = SIDE * samples
        template = _high_passed(smoothed(chips.tile(None), samples), samples)
        both = np.stack([template, template[:, ::-1]])
        self._patterns = np.conj(np.fft.rfft2(both)).astype(np.complex64)
        # Straight lines (window frames, letterboxes, interlacing) all fall on these two; the pattern loses a thirtieth.
        self._patterns[:, 0, :] = 0
        self._patterns[:, :, 0] = 0

    def fold(self, residual: Residual, across: float, down: float) -> Sums:
        """The tile's worth of sums, `side` square. across, down: supposed pixels per chip."""
        height, width = residual.shape
        x, y = across / self.samples, down / self.samples  # pixels per sample
        rows, columns = math.ceil(height / y / self.side), math.ceil(width / x / self.side)
        # Not cv2.resize: its whole sizes round the scale by more than a peak is wide.
        grid = np.array([[x, 0, 0.5 * x - 0.5], [0, y, 0.5 * y - 0.5]])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        whole = cv2.warpAffine(residual, grid, (columns * self.side, rows * self.side), flags=flags)
        return np.asarray(whole.reshape(rows, self.side, columns, self.side).sum(axis=0).sum(axis=1), np.float32)

    def surfaces(self, sums: Sums) -> npt.NDArray[np.float32]:
        """Correlation at every shift, in standard deviations: of N x side x side sums N x 2 x side x side, as they
        are and mirrored."""
        spectra = np.fft.rfft2(sums)[:, None] * self._patterns
        surfaces = np.fft.irfft2(spectra, s=(self.side, self.side))
        surfaces -= surfaces.mean(axis=(2, 3), keepdims=True)
        deviations = surfaces.std(axis=(2, 3), keepdims=True)
        return np.asarray(surfaces / np.maximum(deviations, 1e-6), np.float32)

    def peak(self, residual: Residual, across: float, down: float) -> Peak:
        """The best shift, mirrored or not, at one supposed scale."""
        (surfaces,) = self.surfaces(self.fold(residual, across, down)[None])
        mirrored, row, column = np.unravel_index(int(surfaces.argmax()), surfaces.shape)
        return Peak(float(surfaces.max()), across, down, bool(mirrored), (int(row), int(column)))

    def chips(self, residual: Residual, peak: Peak) -> npt.NDArray[np.float32]:
        """32x32 measured chips at a peak, unshifted and unmirrored: what the payload is read from."""
        folded = np.roll(self.fold(residual, peak.across, peak.down), (-peak.shift[0], -peak.shift[1]), axis=(0, 1))
        if peak.mirrored:
            folded = folded[:, ::-1]
        n = self.samples
        cells = folded.reshape(SIDE, n, SIDE, n)[:, n // 4 : n - n // 4, :, n // 4 : n - n // 4]
        return np.asarray(cells.mean(axis=(1, 3)), np.float32)


def _high_passed(tile: npt.NDArray[np.float32], samples: int) -> npt.NDArray[np.float32]:
    """As the residual was, about: what that took out must not count against the match."""
    around = np.pad(tile, len(tile), mode="wrap")
    detail = around - cv2.blur(around, (2 * samples - 1, 2 * samples - 1))
    return np.asarray(detail[len(tile) : -len(tile), len(tile) : -len(tile)], np.float32)
