from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from avatard.reenact.shifted import REACH, SHIFT, filtered, texture

Picture = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]


def noise(channels: int = 4, span: int = 40, seed: int = 1) -> Picture:
    """All frequencies alike, about middle grey: no value of the texture leaves 0..255."""
    return np.random.default_rng(seed).integers(128 - span, 129 + span, (96, 128, channels), np.uint8)


def sampled(values: Picture | npt.NDArray[np.float32], x: float, y: float) -> Floats:
    """The picture moved by -x, -y pixels, as the warp samples it; without what its edges reach."""
    height, width = values.shape[:2]
    column, row = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    moved = cv2.remap(values, column + np.float32(x), row + np.float32(y), cv2.INTER_LINEAR)
    return np.asarray(moved, float)[12:-12, 12:-12]


def exact(picture: Picture, x: float, y: float) -> Floats:
    """The same by a phase shift of its spectrum, which loses nothing of a picture without the finest frequency."""
    spectrum = np.fft.fft2(picture.astype(float), axes=(0, 1))
    turn = np.exp(2j * np.pi * (np.fft.fftfreq(picture.shape[0])[:, None] * y + np.fft.fftfreq(picture.shape[1]) * x))
    return np.asarray(np.fft.ifft2(spectrum * turn[..., None], axes=(0, 1)).real[12:-12, 12:-12])


@pytest.mark.parametrize("channels", [3, 4])
def test_an_unmoved_texture_is_the_picture_to_the_last_bit(channels: int) -> None:
    found = sampled(texture(noise(channels)), -SHIFT, -SHIFT)
    assert np.array_equal(found, noise(channels)[12:-12, 12:-12])


def test_the_edges_of_a_texture_are_the_pictures() -> None:
    height, width = noise().shape[:2]
    column, row = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    shift = np.float32(SHIFT)
    found = cv2.remap(texture(noise()), column - shift, row - shift, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    assert np.array_equal(found, noise())


def test_the_sharpest_edges_stay_within_the_range_of_a_pixel() -> None:
    """Black beside white: what cannot be reached is missed, and what comes after is right again."""
    picture = np.zeros((96, 128, 3), np.uint8)
    picture[:, 64:] = 255
    found = sampled(texture(picture), -SHIFT, -SHIFT)
    wrong = np.flatnonzero((found != picture[12:-12, 12:-12]).any((0, 2)))
    assert wrong.tolist() == [64 - 12]


def test_moving_keeps_the_power_that_linear_interpolation_loses() -> None:
    picture = noise(1)
    phases = np.arange(32) / 32
    kept = {
        name: np.mean([np.diff(sampled(values, x - away, -away), axis=1).var() for x in phases])
        / np.diff(picture[12:-12, 12:-12, 0].astype(float), axis=1).var()
        for name, values, away in (("linear", picture, 0.0), ("shifted", texture(picture), SHIFT))
    }
    assert kept["linear"] < 0.6
    assert kept["shifted"] == pytest.approx(1, abs=0.06)


@pytest.mark.parametrize(("x", "y"), [(0.5, 0.5), (0.25, 0.75), (0.0, 0.5), (0.875, 0.125)])
def test_a_moved_texture_is_nearer_to_the_truth(x: float, y: float) -> None:
    picture = np.asarray(cv2.GaussianBlur(noise(3, 110), (0, 0), 0.8), np.uint8)
    wanted = exact(picture, x, y)
    linear = np.abs(sampled(picture, x, y) - wanted).mean()
    shifted = np.abs(sampled(texture(picture), x - SHIFT, y - SHIFT) - wanted).mean()
    assert shifted < 0.85 * linear


def test_a_region_is_filtered_as_the_whole_is() -> None:
    picture = noise(3)
    region = filtered(picture[20:80, 30:90])
    assert (
        np.abs(region[REACH + 1 :, REACH + 1 :] - texture(picture)[20:80, 30:90][REACH + 1 :, REACH + 1 :]).max() < 1.2
    )
    assert np.abs(sampled(region, -SHIFT, -SHIFT) - picture[32:68, 42:78]).max() < 0.5
