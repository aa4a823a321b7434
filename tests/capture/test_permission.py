from __future__ import annotations

import cv2
import pytest

from avatard.capture.permission import ask_for_camera
from avatard.errors import SourceError


class Capture:
    """Stands in for cv2.VideoCapture."""

    log: list[object]

    def __init__(self, target: str | int, backend: int) -> None:
        Capture.log = [(target, backend)]

    def release(self) -> None:
        Capture.log.append("released")


@pytest.fixture(autouse=True)
def log() -> None:
    Capture.log = []


@pytest.mark.parametrize(("source", "number"), [("camera", 0), ("camera:1", 1)])
def test_macos_is_asked_by_opening_it_for_an_instant(source: str, number: int) -> None:
    ask_for_camera(source, platform="darwin", open_capture=Capture)
    assert Capture.log == [(number, cv2.CAP_AVFOUNDATION), "released"]


@pytest.mark.parametrize(
    ("source", "platform"),
    [("camera", "linux"), ("camera:1", "win32"), ("performer", "darwin"), ("file:camera.mp4", "darwin")],
)
def test_nothing_is_opened_without_need(source: str, platform: str) -> None:
    ask_for_camera(source, platform=platform, open_capture=Capture)
    assert Capture.log == []


def test_a_camera_without_a_number() -> None:
    with pytest.raises(SourceError, match="no camera is called"):
        ask_for_camera("camera:front", platform="darwin", open_capture=Capture)
