from __future__ import annotations

import json

import pytest

from avatard.capture.camera_names import MACOS, WINDOWS, camera_names
from avatard.programs import Answer


@pytest.mark.parametrize(
    ("said", "names"),
    [("HD Webcam\r\n\r\nScanJet 3000\r\n", ["HD Webcam", "ScanJet 3000"]), ("", []), (None, None)],
)
def test_windows(said: str | None, names: list[str] | None) -> None:
    asked: list[tuple[str, ...]] = []

    def run(*command: str) -> Answer:
        asked.append(command)
        return Answer(1, "") if said is None else Answer(0, said)

    assert camera_names("win32", run) == names
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
    def run(*command: str) -> Answer:
        assert command == MACOS
        return Answer(1, "") if said is None else Answer(0, said)

    found = camera_names("darwin", run)
    assert (None if found is None else len(found)) == names


def test_nobody_is_asked_on_linux() -> None:
    assert camera_names("linux", lambda *command: pytest.fail("asked")) is None
