from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from avatard.errors import SinkError
from avatard.output.pyvirtualcam import PyVirtualCam
from avatard.sealed import Sealed, VideoFormat


class Camera:
    """Stands in for `pyvirtualcam.Camera`, a package that is not installed here."""

    device, backend = "OBS Virtual Camera", "obs"

    def __init__(self, width: int, height: int, fps: float, *, fmt: str, device: str | None) -> None:
        if device == "absent":
            raise RuntimeError("'obs' backend: virtual camera output could not be started")
        self.format = (width, height, fps, fmt)
        self.sent: list[Any] = []
        self.closed = False

    def send(self, frame: Any) -> None:
        if self.closed:
            raise RuntimeError("the camera was closed")
        self.sent.append(frame)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> list[Camera]:
    made: list[Camera] = []

    def make(*args: Any, **options: Any) -> Camera:
        made.append(Camera(*args, **options))
        return made[-1]

    module = ModuleType("pyvirtualcam")
    module.Camera = make  # type: ignore[attr-defined]
    module.PixelFormat = SimpleNamespace(I420="I420")  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pyvirtualcam", module)
    return made


def test_missing_package_says_the_line(monkeypatch: pytest.MonkeyPatch, video_format: VideoFormat) -> None:
    monkeypatch.setitem(sys.modules, "pyvirtualcam", None)

    with pytest.raises(SinkError) as caught, PyVirtualCam("", video_format):
        pass

    assert caught.value.hint == 'pip install "avatard[pyvirtualcam]"'


def test_sends_i420_on_arrival(
    package: list[Camera], video_format: VideoFormat, make_sealed: Callable[[int, int], Sealed]
) -> None:
    sealed = make_sealed(0, 0)
    with PyVirtualCam("", video_format) as sink:
        sink.write(sealed)
        assert sink.description == "OBS Virtual Camera (obs): 64x48 I420"

    assert package[0].format == (64, 48, 30.0, "I420")
    assert package[0].sent == [sealed.i420]
    assert package[0].closed


def test_no_driver_is_a_sink_error(package: list[Camera], video_format: VideoFormat) -> None:
    with pytest.raises(SinkError, match="could not be started"), PyVirtualCam("absent", video_format):
        pass


def test_a_camera_that_stops_taking_pictures_may_come_back(
    package: list[Camera], video_format: VideoFormat, make_sealed: Callable[[int, int], Sealed]
) -> None:
    with PyVirtualCam("", video_format) as sink:
        package[0].close()
        with pytest.raises(SinkError, match="was closed") as caught:
            sink.write(make_sealed(0, 0))

    assert caught.value.retryable
