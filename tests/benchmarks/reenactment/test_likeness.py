from __future__ import annotations

import numpy as np
import pytest

from benchmarks.reenactment.likeness import Likeness
from benchmarks.reenactment.picture import psnr
from benchmarks.reenactment.regions import REGIONS, Mask


def masks(inside: int) -> dict[str, Mask]:
    """Each region: the first `inside` of 100 pixels."""
    mask = np.arange(100).reshape(10, 10) < inside
    return dict.fromkeys(REGIONS, mask)


def test_the_total_is_of_all_pixels_not_the_mean_of_the_pictures() -> None:
    likeness = Likeness()
    black = np.zeros((10, 10, 3), np.uint8)
    likeness.add(black, black + 10, masks(30))
    likeness.add(black, black + 20, masks(10))
    assert likeness.psnr["mouth"] == pytest.approx([psnr(100), psnr(400)])
    assert likeness.total_psnr()["mouth"] == pytest.approx(psnr((30 * 100 + 10 * 400) / 40))
    assert len(likeness.ssim["eyes"]) == 2


def test_a_region_that_is_not_shown_adds_nothing() -> None:
    likeness = Likeness()
    black = np.zeros((10, 10, 3), np.uint8)
    likeness.add(black, black, masks(0))
    assert likeness.psnr["face"] == []
    assert np.isnan(likeness.total_psnr()["face"])
