from __future__ import annotations

import cv2
import numpy as np
import pytest

from avatard.output.yuy2 import to_yuy2


@pytest.mark.parametrize(("width", "height"), [(64, 48), (6, 4), (1280, 720)])
def test_no_sample_changes(width: int, height: int) -> None:
    i420 = np.random.default_rng(1).integers(0, 256, (height * 3 // 2, width), np.uint8)
    yuy2 = np.zeros((height, width * 2), np.uint8)
    to_yuy2(i420, yuy2)

    blue, red = i420[height:].reshape(2, height // 2, width // 2)
    assert (yuy2[:, 0::2] == i420[:height]).all()
    for line in (0, 1):
        assert (yuy2[line::2, 1::4] == blue).all()
        assert (yuy2[line::2, 3::4] == red).all()


def test_its_reader_sees_the_same_colours() -> None:
    """By OpenCV's reading of both."""
    i420 = np.random.default_rng(2).integers(16, 236, (72, 64), np.uint8)
    yuy2 = np.zeros((48, 128), np.uint8)
    to_yuy2(i420, yuy2)

    seen = cv2.cvtColor(yuy2.reshape(48, 64, 2), cv2.COLOR_YUV2BGR_YUY2)
    assert (seen == cv2.cvtColor(i420, cv2.COLOR_YUV2BGR_I420)).all()


def test_an_i420_that_is_read_only() -> None:
    i420 = np.full((6, 4), 7, np.uint8)
    i420.flags.writeable = False
    yuy2 = np.zeros((4, 8), np.uint8)
    to_yuy2(i420, yuy2)
    assert (yuy2 == 7).all()
