from __future__ import annotations

import numpy as np
import pytest

from avatard.seal.chips import SIDE, Chips
from avatard.seal.mark import FittedMark, Mark, chip_pixels
from avatard.seal.payload import Payload

PAYLOAD = Payload(0x12345678, 4321)
SIZES = [(1280, 720), (640, 480), (1920, 1080), (720, 720), (720, 1280), (160, 120)]


def pattern(width: int, height: int, payload: Payload = PAYLOAD, key: bytes = b"k") -> np.ndarray:
    luma = np.full((height, width), 128, np.uint8)
    Mark(Chips(key), payload, width, height).embed(luma)
    return luma.astype(int) - 128


@pytest.mark.parametrize("size", SIZES)
def test_it_is_faint(size: tuple[int, int]) -> None:
    added = pattern(*size)
    psnr = 10 * np.log10(255**2 / np.mean(added**2))
    assert 44 <= psnr <= 46
    assert np.abs(added).max() <= 2
    assert abs(added.mean()) < 0.3


def test_it_repeats_with_the_tile() -> None:
    added = pattern(1280, 720)
    assert chip_pixels(1280, 720) * SIDE == 256
    assert (added[:256, :256] == added[256:512, 512:768]).all()


def test_half_of_it_is_the_payloads() -> None:
    one, other = Chips(b"k").tile(PAYLOAD), Chips(b"k").tile(Payload(0, 0))
    sync = Chips(b"k").tile(None)
    assert (sync == 0).sum() == SIDE * SIDE // 2
    assert (one[sync != 0] == sync[sync != 0]).all()
    assert 0.1 < (one != other).mean() < 0.4


def test_keys_have_nothing_in_common() -> None:
    one, other = pattern(512, 512), pattern(512, 512, key=b"other")
    assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 0.15


@pytest.mark.parametrize("edge", [0, 255])
def test_it_stops_at_black_and_white(edge: int) -> None:
    luma = np.full((64, 64), edge, np.uint8)
    Mark(Chips(), PAYLOAD, 64, 64).embed(luma)
    assert (np.abs(luma.astype(int) - edge) <= 2).all()


def test_soft_bits_read_the_tile_back() -> None:
    chips = Chips(b"k")
    assert ((chips.soft_bits(chips.tile(PAYLOAD)) < 0) == PAYLOAD.encode().astype(bool)).all()


def test_flat_ground_is_marked_faintly_and_busy_ground_in_full() -> None:
    luma = np.full((720, 1280), 120, np.uint8)
    luma[:, 640:] += np.random.default_rng(0).integers(0, 60, (720, 640), dtype=np.uint8)
    mark = FittedMark(Chips(), PAYLOAD, 1280, 720)
    mark.fit(luma)
    added = luma.copy()
    mark.embed(added)
    rms = np.sqrt(np.mean((added.astype(float) - luma) ** 2, axis=0))
    assert rms[:560].mean() == pytest.approx(0.88, abs=0.05)
    assert rms[720:].mean() == pytest.approx(1.5, abs=0.05)
