from __future__ import annotations

import cv2
import numpy as np
import pytest
from skimage.metrics import structural_similarity

from avatard.frame import Picture
from benchmarks.reenactment.picture import (
    EQUAL_DB,
    laplacian_energy,
    mean_in,
    psnr,
    second_difference,
    squared_error,
    ssim,
)


@pytest.fixture(scope="module")
def noise() -> Picture:
    random = np.random.default_rng(0)
    rough = random.integers(0, 256, (60, 80, 3), np.uint8)
    return np.asarray(cv2.GaussianBlur(rough, (0, 0), 1.0), np.uint8)


def flat(value: int) -> Picture:
    return np.full((20, 30, 3), value, np.uint8)


def test_psnr_of_a_known_error() -> None:
    error = squared_error(flat(100), flat(110))
    assert (error == 100).all()
    assert psnr(100.0) == pytest.approx(28.1308, abs=1e-4)  # 10·log10(255² / 100)
    assert psnr(255.0**2) == pytest.approx(0)


def test_equal_pictures_have_the_best_psnr_and_ssim(noise: Picture) -> None:
    assert psnr(float(squared_error(noise, noise).mean())) == EQUAL_DB
    assert ssim(noise, noise) == pytest.approx(1, abs=1e-4)


def test_an_error_does_not_wrap_around() -> None:
    assert squared_error(flat(0), flat(255)).max() == 255**2


def test_ssim_is_the_published_one(noise: Picture) -> None:
    worse = np.asarray(cv2.GaussianBlur(noise, (0, 0), 1.5), np.uint8)
    grey = [cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY) for picture in (noise, worse)]
    wanted = structural_similarity(  # type: ignore[no-untyped-call]
        *grey, gaussian_weights=True, use_sample_covariance=False, data_range=255
    )
    assert mean_in(ssim(noise, worse)[5:-5, 5:-5], np.ones((50, 70), np.bool_)) == pytest.approx(wanted, abs=2e-3)


def test_blur_takes_the_laplacians_energy(noise: Picture) -> None:
    soft = np.asarray(cv2.GaussianBlur(noise, (0, 0), 1.0), np.uint8)
    assert laplacian_energy(soft).mean() < 0.3 * laplacian_energy(noise).mean()
    assert laplacian_energy(flat(90)).max() == 0


def test_a_steady_change_does_not_flicker_and_a_blinking_one_does() -> None:
    assert second_difference([flat(v) for v in (10, 20, 30, 40)]).max() == 0
    assert second_difference([flat(v) for v in (10, 20, 10, 20)]) == pytest.approx(20)
    assert second_difference([flat(0), flat(255), flat(0)]) == pytest.approx(510)


def test_a_second_difference_needs_three() -> None:
    with pytest.raises(ValueError, match="three"):
        second_difference([flat(0), flat(0)])


def test_the_mean_in_a_region() -> None:
    values = np.arange(6, dtype=np.float32).reshape(2, 3)
    assert mean_in(values, values > 3) == 4.5
    assert np.isnan(mean_in(values, values > 9))
