"""Looks for the mark in pictures nobody says anything about: at any shift, mirrored or not, squeezed between 4:3 and
16:9, from a quarter of the picture's size (a tile of a gallery) to 2.4 times (a crop)."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from avatard.seal.chips import Chips
from avatard.seal.fold import Folder, Peak
from avatard.seal.mark import CHIP, LINES
from avatard.seal.payload import Payload, decode
from avatard.seal.residual import Luma, Residual, residual
from avatard.seal.sweep import sweep

#: Unmarked pictures have a median of 5.5; one in 300 comes over 6.5 and none of 480 over 7. What calls do to marked
#: clips leaves 15 to 23.
PRESENT, INCONCLUSIVE = 8.0, 6.5
ASPECTS = (1.0, 3 / 4, 4 / 3)
CANDIDATES, FINALISTS = 6, 2  #: of the quick look, for a closer one; of those, for the closest
#: Finer chips than this many pixels of the picture as it came are gone.
LEAST_CHIP = 1.5
#: Shorter sides than this hold no chips, and longer sides than this many times the shorter are cut.
LEAST_SIDE, LONGEST = 64, 4


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
    parts: bool  #: look at overlapping quarters: the mark fills only some of the picture

    @property
    def chip(self) -> float:
        """Pixels per chip at this level and scale 1."""
        return CHIP * self.lines / LINES


#: In the order they are tried: nearly always the first finds it.
LEVELS = (
    _Level(360, 0.6, 1.2, ASPECTS, parts=False),
    _Level(180, 1.2, 2.4, (1.0,), parts=False),
    _Level(720, 0.25, 0.6, (1.0,), parts=True),
)


class Detector:
    """Finds the mark of one key. Immutable, any thread; a search takes a second or two."""

    def __init__(self, chips: Chips | None = None) -> None:
        self._chips = chips or Chips()
        self._coarse = Folder(self._chips, 2)
        self._fine = Folder(self._chips, 4)

    def detect(self, frames: Sequence[Luma]) -> Finding:
        """Look in frames of one size, one or more: more are surer, best from different moments."""
        best = Finding(
            0.0, 1.0, 1.0, False, None, np.zeros((self._fine.side,) * 2, np.float32), np.zeros((0, 2), np.float32)
        )
        shorter = min(frames[0].shape)
        if shorter < LEAST_SIDE:
            return best
        middle = _middle(frames[0].shape)
        for level in LEVELS:
            smallest = max(level.smallest, LEAST_CHIP / (CHIP * shorter / LINES))
            if smallest >= level.largest:
                continue
            finding = self._search(residual((frame[middle] for frame in frames), level.lines), level, smallest)
            searched = np.concatenate([best.searched, finding.searched])
            best = replace(max(best, finding, key=lambda one: one.z), searched=searched)
            if best.verdict is Verdict.PRESENT:
                break
        return best

    def _search(self, whole: Residual, level: _Level, smallest: float) -> Finding:
        candidates = [
            candidate
            for aspect in level.aspects
            for candidate in sweep(
                self._coarse, whole, level.chip * smallest, level.chip * level.largest, aspect, parts=level.parts
            )
        ]
        searched = np.array([(one.down / level.chip, one.z) for one in candidates], np.float32)
        candidates.sort(key=lambda one: -one.z)
        near = [(self._nearby(whole[one.part], one.across, one.down), one) for one in candidates[:CANDIDATES]]
        near.sort(key=lambda one: -one[0].z)
        closer = [(self._sharpened(whole[one.part], peak), whole[one.part]) for peak, one in near[:FINALISTS]]
        peak, part = max(closer, key=lambda one: one[0].z)
        surfaces = self._fine.surfaces(self._fine.fold(part, peak.across, peak.down)[None])
        return Finding(
            z=peak.z,
            scale=float(peak.down / level.chip),
            aspect=float(peak.across / peak.down),
            mirrored=peak.mirrored,
            payload=decode(self._chips.soft_bits(self._fine.chips(part, peak))) if peak.z >= INCONCLUSIVE else None,
            surface=surfaces[0, int(peak.mirrored)],
            searched=searched,
        )

    def _sharpened(self, part: Residual, peak: Peak) -> Peak:
        """Climb: width alone, then both in smaller steps, then width again."""
        for reach, together in ((1.0, False), (0.25, True), (0.25, False)):
            better = self._nearby(part, peak.across, peak.down, reach, together=together)
            peak = max(peak, better, key=lambda one: one.z)
        return peak

    def _nearby(self, part: Residual, across: float, down: float, reach: float = 1.0, *, together: bool = True) -> Peak:
        """The best of nine scales around one: of both, or of the width alone. reach: in what moves the far end by 0.4
        chips, a little more than the quick look can be off."""
        furthest = 0.4 * reach * min(down / part.shape[0], across / part.shape[1])
        steps = 1 + np.linspace(-furthest, furthest, 9)
        peaks = (self._fine.peak(part, across * step, down * step if together else down) for step in steps)
        return max(peaks, key=lambda one: one.z)


def _middle(shape: tuple[int, ...]) -> tuple[slice, slice]:
    """Rows and columns without the far ends of an overlong picture."""
    longest = LONGEST * min(shape)
    starts = [max(0, (side - longest) // 2) for side in shape]
    return slice(starts[0], starts[0] + longest), slice(starts[1], starts[1] + longest)
