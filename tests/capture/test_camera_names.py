from __future__ import annotations

import json

import pytest

from avatard.capture.camera_names import MACOS, WINDOWS, camera_names


@pytest.mark.parametrize(
    ("said", "names"),
    [("HD Webcam\r\n\r\nScanJet 3000\r\n", ["HD Webcam", "ScanJet 3000"]), ("", []), (None, None)],
)
def test_windows(said: str | None, names: list[str] | None) -> None:
    asked: list[tuple[str, ...]] = []

    def ask(*command: str) -> str | None:
        asked.append(command)
        return said

    assert camera_names("win32", ask) == names
    assert asked == [WINDOWS]


@pytest.mark.parametrize(
    ("said", "names"),
    [
        (json.dumps({"SPCameraDataType": [{"_name": "FaceTime HD Camera", "spcamera_model-id": "x"}]}), 1),
        (json.dumps({"SPCameraDataType": []}), 0),
        (json.dumps({"other": []}), None),
        (json.dumps([1]), None),
        ("not JSON", None),
        (None, None),
    ],
)
def test_macos(said: str | None, names: int | None) -> None:
    def ask(*command: str) -> str | None:
        assert command == MACOS
        return said

    found = camera_names("darwin", ask)
    assert (None if found is None else len(found)) == names


def test_nobody_is_asked_on_linux() -> None:
    assert camera_names("linux", lambda *command: pytest.fail("asked")) is None
