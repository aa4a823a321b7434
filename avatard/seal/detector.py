"""Looks for the mark in pictures nobody says anything about: at any shift, mirrored or not, squeezed between 4:3 and
16:9, from a quarter of the picture's size (a tile of a gallery) to 2.4 times (a crop)."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from avatard.seal.chips import Chips
from avatard.seal.fold import Folder, Peak
from avatard.seal.mark import CHIP, LINES
from avatard.seal.payload import Payload, decode
from avatard.seal.residual import Luma, Residual, residual

#: Of thousands of searches of unmarked pictures none came over 6.5: see `tests/seal/test_detector.py`.
PRESENT, INCONCLUSIVE = 8.0, 6.5
#: Between supposed scales: half of it costs a peak a tenth of its height.
STEP = 0.002
ASPECTS = (1.0, 3 / 4, 4 / 3)
CANDIDATES = 4  #: coarse peaks that are looked at closely


class Verdict(enum.Enum):
    """What can be said."""

    PRESENT = "present"
    INCONCLUSIVE = "inconclusive"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Finding:
    """z: the best peak, in standard deviations. scale: of what was seen, against a picture that was neither scaled
    nor cropped. aspect: width over height against the original's. payload: only where its checksum is right."""

    z: float
    scale: float
    aspect: float
    mirrored: bool
    payload: Payload | None
    surface: npt.NDArray[np.float32]  #: correlation at each shift, as mirrored as found
    searched: npt.NDArray[np.float32]  #: Nx2: each supposed scale and its coarse z

    @property
    def verdict(self) -> Verdict:
        """By the thresholds."""
        if self.z > PRESENT:
            return Verdict.PRESENT
        return Verdict.INCONCLUSIVE if self.z >= INCONCLUSIVE else Verdict.ABSENT


@dataclass(frozen=True, slots=True)
class _Level:
    """An octave of scales and the size at which its chips are 2 to 5 pixels."""

    lines: int
    smallest: float
    largest: float
    aspects: tuple[float, ...]
    windows: bool  #: look at overlapping quarters too: the mark fills only part of the picture

    def chip(self, scale: float) -> float:
        """Pixels per chip at this level."""
        return CHIP * self.lines / LINES * scale


#: In the order they are tried: nearly always the first finds it.
LEVELS = (
    _Level(360, 0.6, 1.2, ASPECTS, windows=False),
    _Level(180, 1.2, 2.4, ASPECTS, windows=False),
    _Level(720, 0.25, 0.6, (1.0,), windows=True),
)


class Detector:
    """Finds the mark of one key. Immutable, any thread; a search takes seconds where there is no mark."""

    def __init__(self, chips: Chips | None = None) -> None:
        self._chips = chips or Chips()
        self._coarse = Folder(self._chips, 2)
        self._fine = Folder(self._chips, 4)

    def detect(self, frames: Sequence[Luma]) -> Finding:
        """Look in frames of one size, one or more: more are surer, best from different moments."""
        best: Finding | None = None
        for level in LEVELS:
            finding = self._search(residual(frames, level.lines), level)
            if best is not None:
                searched = np.concatenate([best.searched, finding.searched])
                best = replace(max(best, finding, key=lambda one: one.z), searched=searched)
            best = best or finding
            if best.verdict is Verdict.PRESENT:
                break
        assert best is not None
        return best

    def _search(self, whole: Residual, level: _Level) -> Finding:
        coarse = [
            (self._coarse.peak(part, level.chip(scale) * aspect, level.chip(scale)), part)
            for part in _parts(whole, level)
            for aspect in level.aspects
            for scale in _scales(level)
        ]
        searched = np.array([(peak.down / level.chip(1.0), peak.z) for peak, _ in coarse], np.float32)
        coarse.sort(key=lambda one: -one[0].z)
        fine = [(self._sharpened(part, peak), part) for peak, part in coarse[:CANDIDATES]]
        peak, part = max(fine, key=lambda one: one[0].z)
        surface = self._fine.surface(self._fine.fold(part, peak.across, peak.down))
        return Finding(
            z=peak.z,
            scale=peak.down / level.chip(1.0),
            aspect=peak.across / peak.down,
            mirrored=peak.mirrored,
            payload=decode(self._chips.soft_bits(self._fine.chips(part, peak))) if peak.z >= INCONCLUSIVE else None,
            surface=surface[int(peak.mirrored)],
            searched=searched,
        )

    def _sharpened(self, part: Residual, peak: Peak) -> Peak:
        """Climb from a coarse peak: both scales together, then their ratio, then again in smaller steps."""
        best = self._fine.peak(part, peak.across, peak.down)
        for reach in (STEP, STEP / 4):
            for ratio in (0.0, 1.0):
                steps = 1 + np.linspace(-reach, reach, 9)
                around = [self._fine.peak(part, best.across * s, best.down * s ** (1 - ratio)) for s in steps]
                best = max(best, *around, key=lambda one: one.z)
        return best


def _scales(level: _Level) -> npt.NDArray[np.float64]:
    return np.asarray(np.exp(np.arange(np.log(level.smallest), np.log(level.largest), STEP)), np.float64)


def _parts(whole: Residual, level: _Level) -> Iterator[Residual]:
    yield whole
    if level.windows:
        height, width = whole.shape
        for top in (0, height // 4, height // 2):
            for left in (0, width // 4, width // 2):
                yield np.ascontiguousarray(whole[top : top + height // 2, left : left + width // 2])
