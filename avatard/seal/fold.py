"""Folding: a residual at a supposed scale is laid tile on tile, and the sum compared with the mark's sync pattern at
every shift at once, by Fourier transform. A wrong scale smears the sum; the right one gives a peak."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from avatard.seal.chips import SIDE, Chips
from avatard.seal.mark import smoothed
from avatard.seal.residual import Residual


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
        self._samples = samples
        self._side = SIDE * samples
        template = smoothed(chips.tile(None), samples)
        # The same high-pass as the residual had, about: what it took out must not count against the match.
        wide = np.pad(template, self._side, mode="wrap")
        template = (wide - cv2.blur(wide, (2 * samples - 1, 2 * samples - 1)))[
            self._side : -self._side, self._side : -self._side
        ]
        spectrum = np.fft.rfft2(template.astype(np.float32))
        mirror = np.fft.rfft2(template[:, ::-1].astype(np.float32))
        self._patterns = np.conj(np.stack([spectrum, mirror])).astype(np.complex64)

    def fold(self, residual: Residual, across: float, down: float) -> npt.NDArray[np.float32]:
        """The tile's worth of sums, `32 * samples` square. across, down: supposed pixels per chip."""
        samples, side = self._samples, self._side
        height, width = residual.shape
        x, y = across / samples, down / samples  # pixels per sample
        rows, columns = math.ceil(height / y / side), math.ceil(width / x / side)
        # Not cv2.resize: its whole sizes round the scale by more than a peak is wide.
        grid = np.array([[x, 0, 0.5 * x - 0.5], [0, y, 0.5 * y - 0.5]])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        whole = cv2.warpAffine(residual, grid, (columns * side, rows * side), flags=flags)
        return np.asarray(whole.reshape(rows, side, columns, side).sum(axis=(0, 2)), np.float32)

    def surface(self, folded: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Correlation at every shift, in standard deviations: 2 x side x side, as it is and mirrored."""
        spectrum = np.fft.rfft2(folded).astype(np.complex64)
        surface = np.fft.irfft2(spectrum * self._patterns, s=folded.shape).astype(np.float32)
        surface -= surface.mean(axis=(1, 2), keepdims=True)
        deviation = surface.std(axis=(1, 2), keepdims=True)
        return np.asarray(surface / np.maximum(deviation, np.float32(1e-9)), np.float32)

    def peak(self, residual: Residual, across: float, down: float) -> Peak:
        """The best shift, mirrored or not, at one supposed scale."""
        surface = self.surface(self.fold(residual, across, down))
        mirrored, row, column = np.unravel_index(int(surface.argmax()), surface.shape)
        return Peak(float(surface.max()), across, down, bool(mirrored), (int(row), int(column)))

    def chips(self, residual: Residual, peak: Peak) -> npt.NDArray[np.float32]:
        """32x32 measured chips at a peak, unshifted and unmirrored: what the payload is read from."""
        folded = np.roll(self.fold(residual, peak.across, peak.down), (-peak.shift[0], -peak.shift[1]), axis=(0, 1))
        if peak.mirrored:
            folded = folded[:, ::-1]
        n = self._samples
        cells = folded.reshape(SIDE, n, SIDE, n)[:, n // 4 : n - n // 4, :, n // 4 : n - n // 4]
        return np.asarray(cells.mean(axis=(1, 3)), np.float32)
