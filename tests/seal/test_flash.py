from __future__ import annotations

import numpy as np
import pytest

from avatard.metronome import BEATS, LENGTH_S, Metronome
from avatard.seal.badge import Badge
from avatard.seal.barcode import decode
from avatard.seal.masks import load_masks
from avatard.sealed import VideoFormat
from tests.seal.test_sealer import noise, sealer

START = 9_000_000_000
BEAT = START + round(BEATS[2] * 1e9) + 50_000_000


@pytest.mark.parametrize("size", [(640, 480), (1280, 720), (720, 1280), (160, 120)])
def test_it_flashes_in_the_middle_and_badge_and_barcode_stay(size: tuple[int, int]) -> None:
    format = VideoFormat(*size, 30.0)  # noqa: A001
    sealing = sealer(format, barcode=True)
    sealing.metronome = Metronome(START)
    middle = np.s_[size[1] // 2 - 6 : size[1] // 2 + 6, size[0] // 2 - 6 : size[0] // 2 + 6]
    for at_ns, level in ((BEAT, 235), (BEAT + 500_000_000, 16)):
        sealed = sealing.seal(noise(format), 3, at_ns)
        assert Badge(load_masks("en"), format).intact(sealed.i420)
        assert decode(sealed.i420[: size[1]]) == (3, at_ns)
        assert (sealed.i420[middle] == level).all()
        sealed.release()


def test_before_and_after_the_picture_is_left_alone() -> None:
    plain, flashing = sealer(), sealer()
    flashing.metronome = Metronome(START)
    for at_ns in (START - 1, START + round(LENGTH_S * 1e9)):
        assert np.array_equal(plain.seal(noise(), 1, at_ns).i420, flashing.seal(noise(), 1, at_ns).i420)
