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

    def __init__(
        self, width: int, height: int, fps: float, *, fmt: str, device: str | None, backend: str | None
    ) -> None:
        if backend is not None:
            {"obs": "", "unitycapture": ""}[backend]  # as it looks one up, on Windows
        if device == "taken":
            raise RuntimeError("'obs' backend: virtual camera output could not be started")
        if device == "absent":
            raise RuntimeError("'obs' backend: not found!\n'unitycapture' backend: No camera registered.")
        self.format = (width, height, fps, fmt)
        self.chosen = (device, backend)
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


@pytest.mark.parametrize(
    ("spec", "chosen"),
    [
        ("", (None, None)),
        ("OBS Virtual Camera", ("OBS Virtual Camera", None)),
        ("obs", (None, "obs")),
        ("unitycapture", (None, "unitycapture")),
    ],
)
def test_a_camera_is_named_by_itself_or_by_its_driver(
    spec: str, chosen: tuple[str | None, str | None], package: list[Camera], video_format: VideoFormat
) -> None:
    with PyVirtualCam(spec, video_format):
        assert package[0].chosen == chosen


def test_a_driver_of_another_system(package: list[Camera], video_format: VideoFormat) -> None:
    with pytest.raises(SinkError, match="no v4l2loopback on this system"), PyVirtualCam("v4l2loopback", video_format):
        pass


@pytest.mark.parametrize(("platform", "words"), [("win32", "UnityCapture"), ("darwin", "so that macOS approves it")])
def test_no_driver_says_what_to_install(
    platform: str, words: str, package: list[Camera], video_format: VideoFormat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    with pytest.raises(SinkError) as caught, PyVirtualCam("absent", video_format):
        pass

    assert caught.value.message.endswith("'obs' backend: not found!; 'unitycapture' backend: No camera registered.")
    assert words in caught.value.hint
    assert not caught.value.retryable


def test_obs_itself_has_the_camera(package: list[Camera], video_format: VideoFormat) -> None:
    with pytest.raises(SinkError, match="is taken") as caught, PyVirtualCam("taken", video_format):
        pass

    assert caught.value.retryable
    assert "in OBS" in caught.value.hint


def test_a_camera_that_stops_taking_pictures_may_come_back(
    package: list[Camera], video_format: VideoFormat, make_sealed: Callable[[int, int], Sealed]
) -> None:
    with PyVirtualCam("", video_format) as sink:
        package[0].close()
        with pytest.raises(SinkError, match="was closed") as caught:
            sink.write(make_sealed(0, 0))

    assert caught.value.retryable
