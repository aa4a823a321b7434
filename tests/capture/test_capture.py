from __future__ import annotations

import pytest

from avatard.capture import open_source
from avatard.capture.camera import Camera
from avatard.capture.file import VideoFile
from avatard.capture.image import Image
from avatard.capture.none import NoSource
from avatard.capture.performer import Performer
from avatard.config import CaptureConfig
from avatard.errors import ConfigError


@pytest.mark.parametrize(
    ("spec", "kind", "described"),
    [
        ("camera", Camera, "camera"),
        ("camera:2", Camera, "camera 2"),
        ("camera:/dev/v4l/by-path/pci-0000:00:14.0-usb", Camera, "camera /dev/v4l/by-path/pci-0000:00:14.0-usb"),
        ("file:C:/talk.mp4", VideoFile, "C:/talk.mp4"),
        ("image:face.png", Image, "face.png"),
        ("performer", Performer, "the performer"),
        ("none", NoSource, "no source"),
    ],
)
def test_spec_names_the_backend_and_touches_nothing(spec: str, kind: type, described: str) -> None:
    source = open_source(spec, CaptureConfig())

    assert isinstance(source, kind)
    assert source.description == described


def test_what_is_no_source_says_which_there_are() -> None:
    with pytest.raises(ConfigError, match="'webcam'") as caught:
        open_source("webcam", CaptureConfig())

    assert "performer" in caught.value.hint
