from __future__ import annotations

import cv2
import numpy as np
import pytest

from avatard.seal.planes import Planes


@pytest.mark.parametrize("size", [(1280, 720), (64, 50), (66, 50), (854, 482)])
def test_planes_are_where_opencv_puts_them(size: tuple[int, int]) -> None:
    width, height = size
    bgr = np.zeros((height, width, 3), np.uint8)
    bgr[: height // 2] = (255, 0, 0)
    planes = Planes.of(np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2YUV_I420), np.uint8))
    assert planes.luma.shape == (height, width)
    assert planes.blue.shape == planes.red.shape == (height // 2, width // 2)
    assert planes.blue[0, 0] > 230
    assert planes.blue[-1, -1] == planes.red[-1, -1] == 128
    assert planes.red[0, 0] < 128


def test_planes_are_views() -> None:
    buffer = np.zeros((72, 64), np.uint8)
    planes = Planes.of(buffer)
    planes.red[-1, -1] = 9
    planes.blue[0, 0] = 8
    planes.luma[0, 0] = 7
    flat = buffer.reshape(-1)
    assert (flat[0], flat[64 * 48], flat[-1]) == (7, 8, 9)
