"""PSNR and SSIM of many pictures by region."""

from __future__ import annotations

from dataclasses import dataclass, field

from avatard.frame import Picture
from benchmarks.reenactment.picture import mean_in, psnr, squared_error, ssim
from benchmarks.reenactment.regions import REGIONS, Mask


def _zeros() -> dict[str, float]:
    return dict.fromkeys(REGIONS, 0.0)


def _lists() -> dict[str, list[float]]:
    return {name: [] for name in REGIONS}


@dataclass(slots=True)
class Likeness:
    """Filled picture by picture. error: squared error over all pixels so far, pixels: how many. psnr, ssim: a value a
    picture. A region that a picture does not show adds nothing."""

    error: dict[str, float] = field(default_factory=_zeros)
    pixels: dict[str, float] = field(default_factory=_zeros)
    psnr: dict[str, list[float]] = field(default_factory=_lists)
    ssim: dict[str, list[float]] = field(default_factory=_lists)

    def add(self, truth: Picture, drawn: Picture, masks: dict[str, Mask]) -> None:
        """Compare one picture."""
        error, alike = squared_error(truth, drawn), ssim(truth, drawn)
        for name, mask in masks.items():
            if count := int(mask.sum()):
                mean = mean_in(error, mask)
                self.error[name] += mean * count
                self.pixels[name] += count
                self.psnr[name].append(psnr(mean))
                self.ssim[name].append(mean_in(alike, mask))

    def total_psnr(self) -> dict[str, float]:
        """Of the squared error over all pixels of all pictures: a bad picture weighs as it should; nan without any."""
        return {name: psnr(self.error[name] / n) if (n := self.pixels[name]) else float("nan") for name in REGIONS}
