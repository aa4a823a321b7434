"""Without a device: OpenCV's capture is a fake here."""

from __future__ import annotations

import threading
from itertools import pairwise

import cv2
import numpy as np
import pytest

from avatard.bench import v4l2_reader
from avatard.seal.barcode import Barcode, decode
from avatard.sealed import VideoFormat

FORMAT = VideoFormat(640, 360, 30.0)


def i420(seq: int) -> np.ndarray:
    picture = np.full((FORMAT.height * 3 // 2, FORMAT.width), 90, np.uint8)
    Barcode(FORMAT).draw(picture, seq, 1000 * seq)
    return picture


class FakeCapture:
    """Gives some raw buffers as OpenCV does with CAP_PROP_CONVERT_RGB off, then fails as an unplugged device."""

    def __init__(self, buffers: list[np.ndarray]) -> None:
        self._buffers = buffers
        self._now: np.ndarray | None = None
        self.settings: dict[int, float] = {}
        self.released = False

    def set(self, setting: int, value: float) -> bool:
        self.settings[setting] = value
        return True

    def isOpened(self) -> bool:  # noqa: N802 (OpenCV's own name)
        return True

    def grab(self) -> bool:
        self._now = self._buffers.pop(0) if self._buffers else None
        return self._now is not None

    def retrieve(self) -> tuple[bool, np.ndarray | None]:
        return self._now is not None, self._now

    def release(self) -> None:
        self.released = True


@pytest.fixture(autouse=True)
def always_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cv2.VideoCapture, "waitAny", lambda captures, ns: (True, [0]))


def read(capture: FakeCapture, stop: threading.Event | None = None) -> list[tuple[np.ndarray, int]]:
    found = v4l2_reader.pictures("/dev/video9", 640, 360, stop or threading.Event(), lambda path, backend: capture)
    return list(found)


@pytest.mark.parametrize("shape", [(FORMAT.height * 3 // 2, FORMAT.width), (1, FORMAT.i420_bytes)])
def test_luma_is_read_whichever_shape_opencv_gives_the_buffer(shape: tuple[int, int]) -> None:
    capture = FakeCapture([i420(seq).reshape(shape) for seq in range(3)])
    found = read(capture)
    assert [decode(luma) for luma, _ in found] == [(0, 0), (1, 1000), (2, 2000)]
    assert all(first < second for (_, first), (_, second) in pairwise(found))
    assert capture.released
    assert capture.settings[cv2.CAP_PROP_CONVERT_RGB] == 0


def test_another_size_is_not_ours() -> None:
    assert not read(FakeCapture([np.zeros((480 * 3 // 2, 640), np.uint8)]))


def test_told_to_stop_it_ends() -> None:
    stop = threading.Event()
    stop.set()
    capture = FakeCapture([i420(1)] * 100)
    assert not read(capture, stop)
    assert capture.released


def test_a_number_is_a_device() -> None:
    assert v4l2_reader.candidates("9") == ["/dev/video9"]
    assert v4l2_reader.candidates("/dev/v4l/by-id/x") == ["/dev/v4l/by-id/x"]
