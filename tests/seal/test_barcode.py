from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avatard.errors import ConfigError
from avatard.seal.barcode import Barcode, decode, place
from avatard.sealed import I420, VideoFormat

SIZES = [(1280, 720), (640, 480), (1920, 1080), (720, 720), (720, 1280), (160, 120), (320, 240)]


def drawn(width: int, height: int, seq: int, captured_ns: int) -> I420:
    buffer = np.random.default_rng(3).integers(0, 256, (height * 3 // 2, width), np.uint8)
    Barcode(VideoFormat(width, height, 30.0)).draw(buffer, seq, captured_ns)
    return buffer


@given(seq=st.integers(-1, 2**31 - 1), captured_ns=st.integers(0, 2**63 - 1))
def test_what_is_drawn_is_read(seq: int, captured_ns: int) -> None:
    assert decode(drawn(160, 120, seq, captured_ns)[:120]) == (seq, captured_ns)


@pytest.mark.parametrize("size", SIZES)
def test_it_is_read_from_a_browsers_canvas(size: tuple[int, int]) -> None:
    width, height = size
    rgb = cv2.cvtColor(drawn(width, height, 5, 2**60 + 7), cv2.COLOR_YUV2RGB_I420)
    assert decode(np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)) == (5, 2**60 + 7)
    assert decode(np.asarray(rgb, np.uint8)[:, :, 1]) == (5, 2**60 + 7)  # one channel will do


@pytest.mark.parametrize("size", SIZES)
def test_it_survives_a_good_jpeg(size: tuple[int, int]) -> None:
    width, height = size
    luma = drawn(width, height, 77, 88)[:height]
    again = cv2.imdecode(cv2.imencode(".jpg", luma, [cv2.IMWRITE_JPEG_QUALITY, 85])[1], cv2.IMREAD_GRAYSCALE)
    assert decode(np.asarray(again, np.uint8)) == (77, 88)


def test_one_flipped_block_is_noticed() -> None:
    luma = drawn(640, 480, 123, 456)[:480]
    x, y, block = place(640, 480)
    for column in range(56):
        bad = luma.copy()
        cell = bad[y : y + block, x + column * block : x + (column + 1) * block]
        cell[:] = 251 - cell
        assert decode(bad) is None


@pytest.mark.parametrize("grey", [0, 16, 128, 235, 255])
def test_a_picture_without_one_says_none(grey: int) -> None:
    assert decode(np.full((480, 640), grey, np.uint8)) is None
    assert decode(np.random.default_rng(grey).integers(0, 256, (480, 640), np.uint8)) is None


def test_no_room_is_said() -> None:
    with pytest.raises(ConfigError, match="no room"):
        Barcode(VideoFormat(64, 48, 30.0))
