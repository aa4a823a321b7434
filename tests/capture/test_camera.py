"""The camera's own decisions, against a stand-in for OpenCV's class; a real one runs in the virtual machine."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import pytest

from avatard.capture.camera import Camera
from avatard.capture.camera_choice import capture_backends
from avatard.config import CaptureConfig
from avatard.errors import SourceError
from avatard.frame import Stamp
from avatard.v4l2 import LOOPBACK_DRIVER
from avatard.v4l2_fake import FakeDevice, FakeKernel

CONFIG = CaptureConfig(width=640, height=480, fps=30.0)


@dataclass
class Capture:
    """Stands in for cv2.VideoCapture: a camera that has 1280x720 only."""

    opens: bool = True
    grabs: bool = True
    broken: bool = False
    flat: bool = False
    released: bool = False
    age_ms: float = 4.0
    asked: dict[int, float] = field(default_factory=dict)

    def isOpened(self) -> bool:  # noqa: N802
        return self.opens

    def set(self, what: int, value: float) -> bool:
        self.asked[what] = value
        return True

    def get(self, what: int) -> float:
        return {
            cv2.CAP_PROP_FRAME_WIDTH: 1280.0,
            cv2.CAP_PROP_FRAME_HEIGHT: 720.0,
            cv2.CAP_PROP_FPS: 25.0,
            cv2.CAP_PROP_FOURCC: float(cv2.VideoWriter.fourcc(*"MJPG")),
            cv2.CAP_PROP_POS_MSEC: time.monotonic() * 1000 - self.age_ms,
        }[what]

    def grab(self) -> bool:
        return self.grabs

    def retrieve(self) -> tuple[bool, np.ndarray | None]:
        shape = (1, 720 * 1280 * 3) if self.flat else (720, 1280, 3)
        return (False, None) if self.broken else (True, np.zeros(shape, np.uint8))

    def release(self) -> None:
        self.released = True


@dataclass
class OpenCv:
    """Notes what is opened; gives `capture`."""

    capture: Capture = field(default_factory=Capture)
    opened: list[tuple[str | int, int]] = field(default_factory=list)

    def __call__(self, target: str | int, backend: int) -> Capture:
        self.opened.append((target, backend))
        return self.capture


MakeCamera = Callable[..., Camera]


@pytest.fixture
def opencv() -> OpenCv:
    return OpenCv()


@pytest.fixture
def linux(tmp_path: Path, opencv: OpenCv, monkeypatch: pytest.MonkeyPatch) -> MakeCamera:
    """(which, devices…) → a camera on a fake Linux machine."""

    def wait_any(captures: list[Capture], timeout_ns: int) -> tuple[bool, list[int]]:
        assert timeout_ns > 0  # 0 is for ever
        return captures[0].grab(), [0]

    monkeypatch.setattr(cv2.VideoCapture, "waitAny", wait_any)

    def make(which: str, *devices: FakeDevice) -> Camera:
        kernel = FakeKernel(tmp_path, *devices)
        return Camera(which, CONFIG, platform="linux", open_capture=opencv, kernel=kernel, root=tmp_path)

    return make


@pytest.mark.parametrize(
    ("platform", "backends"),
    [
        ("linux", (cv2.CAP_V4L2,)),
        ("win32", (cv2.CAP_DSHOW, cv2.CAP_MSMF)),
        ("darwin", (cv2.CAP_AVFOUNDATION,)),
        ("freebsd14", (cv2.CAP_ANY,)),
    ],
)
def test_backend_by_platform(platform: str, backends: tuple[int, ...]) -> None:
    assert capture_backends(platform) == backends


def test_asks_for_mjpg_and_two_buffers_and_reports_the_answer(linux: MakeCamera, opencv: OpenCv) -> None:
    with linux("", FakeDevice(0, "HD Webcam")) as camera:
        assert camera.description.endswith("dev/video0 (HD Webcam): 1280x720 MJPG at 25 fps")
        assert camera.fps == 25.0

    assert opencv.capture.asked == {
        cv2.CAP_PROP_BUFFERSIZE: 2,
        cv2.CAP_PROP_FOURCC: cv2.VideoWriter.fourcc(*"MJPG"),
        cv2.CAP_PROP_FRAME_WIDTH: 640,
        cv2.CAP_PROP_FRAME_HEIGHT: 480,
        cv2.CAP_PROP_FPS: 30.0,
    }
    assert opencv.capture.released


def test_the_default_camera_is_no_virtual_one(linux: MakeCamera, opencv: OpenCv, tmp_path: Path) -> None:
    ours = FakeDevice(0, "avatard", LOOPBACK_DRIVER, ready_capture=True)
    with linux("", ours, FakeDevice(1, "OBS", LOOPBACK_DRIVER, ready_capture=True), FakeDevice(2, "HD Webcam")):
        pass

    assert opencv.opened == [(str(tmp_path / "dev/video2"), cv2.CAP_V4L2)]


def test_a_loopback_can_be_asked_for_by_number(linux: MakeCamera, opencv: OpenCv, tmp_path: Path) -> None:
    with linux("5", FakeDevice(0, "HD Webcam"), FakeDevice(5, "OBS", LOOPBACK_DRIVER, ready_capture=True)):
        pass

    assert opencv.opened == [(str(tmp_path / "dev/video5"), cv2.CAP_V4L2)]


def test_frames_carry_the_drivers_time(linux: MakeCamera) -> None:
    with linux("", FakeDevice(0, "HD Webcam")) as camera:
        frames = [frame for _ in range(3) if (frame := camera.read(1.0))]
        now = time.monotonic_ns()

    assert [frame.seq for frame in frames] == [0, 1, 2]
    assert all(frame.stamp is Stamp.DRIVER for frame in frames)
    assert now - frames[-1].captured_ns >= 4_000_000


@pytest.mark.parametrize("age_ms", [-50.0, 5_000.0])
def test_a_drivers_time_that_cannot_be_is_not_believed(linux: MakeCamera, opencv: OpenCv, age_ms: float) -> None:
    opencv.capture.age_ms = age_ms
    with linux("", FakeDevice(0, "HD Webcam")) as camera:
        before = time.monotonic_ns()
        frame = camera.read(1.0)

    assert frame is not None
    assert frame.stamp is Stamp.READ
    assert frame.captured_ns >= before


def test_a_signal_or_a_broken_jpeg_is_no_failure(linux: MakeCamera, opencv: OpenCv) -> None:
    with linux("", FakeDevice(0, "HD Webcam")) as camera:
        opencv.capture.grabs = False
        assert camera.read(0.0) is None
        opencv.capture.grabs, opencv.capture.broken = True, True
        assert camera.read(0.0) is None
        opencv.capture.broken = False
        assert camera.read(0.0) is not None


def test_raw_bgr_comes_as_a_row_and_leaves_as_a_picture(linux: MakeCamera, opencv: OpenCv) -> None:
    opencv.capture.flat = True  # as OpenCV 4.11 does for BGR24, seen with vivid
    with linux("", FakeDevice(0, "HD Webcam")) as camera:
        frame = camera.read(1.0)

    assert frame is not None
    assert frame.pixels.shape == (720, 1280, 3)


def test_long_silence_is_a_hung_camera(linux: MakeCamera, opencv: OpenCv, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("avatard.capture.camera.SILENT_S", 0.0)
    with linux("", FakeDevice(0, "HD Webcam")) as camera:
        opencv.capture.grabs = False
        with pytest.raises(SourceError, match="no more frames") as caught:
            camera.read(0.0)

    assert caught.value.retryable


def test_unplugged_is_said_and_retryable(linux: MakeCamera, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(captures: object, timeout_ns: int) -> tuple[bool, list[int]]:
        raise cv2.error("Error is reported for camera stream: 0")

    with linux("", FakeDevice(0, "HD Webcam")) as camera:
        assert camera.read(1.0)
        monkeypatch.setattr(cv2.VideoCapture, "waitAny", fail)
        (tmp_path / "dev/video0").unlink()
        with pytest.raises(SourceError, match="was unplugged") as caught:
            camera.read(1.0)

    assert caught.value.retryable


def refusal(camera: Camera) -> SourceError:
    with pytest.raises(SourceError) as caught, camera:
        pass
    return caught.value


def test_no_camera_says_how_to_go_on(linux: MakeCamera) -> None:
    error = refusal(linux("", FakeDevice(3, "avatard", LOOPBACK_DRIVER)))

    assert error.message == "there is no camera"
    assert "--source performer" in error.hint
    assert error.retryable


def test_a_number_that_is_not_there(linux: MakeCamera) -> None:
    error = refusal(linux("7", FakeDevice(0, "HD Webcam")))

    assert error.message.endswith("dev/video7 is not there")
    assert error.retryable


def test_an_output_device_is_no_camera(linux: MakeCamera) -> None:
    assert "not a camera" in refusal(linux("9", FakeDevice(9, "avatard", LOOPBACK_DRIVER))).message


def test_a_busy_camera_says_by_whom(tmp_path: Path, opencv: OpenCv) -> None:
    kernel = FakeKernel(tmp_path, FakeDevice(0, "HD Webcam"))
    kernel.add_process(4242, "zoom", tmp_path / "dev/video0")
    opencv.capture.opens = False
    error = refusal(Camera("0", CONFIG, platform="linux", open_capture=opencv, kernel=kernel, root=tmp_path))

    assert error.message.endswith("(HD Webcam) is in use by zoom (process 4242)")
    assert error.retryable
    assert opencv.capture.released


@pytest.mark.parametrize("which", ["", "0"])
def test_no_permission_names_the_group(linux: MakeCamera, opencv: OpenCv, which: str) -> None:
    opencv.capture.opens = False
    error = refusal(linux(which, FakeDevice(0, "HD Webcam", open_error=errno.EACCES)))

    assert "no permission" in error.message
    assert "usermod -aG video" in error.hint


def test_elsewhere_cameras_have_numbers_and_several_ways_are_tried(opencv: OpenCv) -> None:
    opencv.capture.opens = False
    error = refusal(Camera("1", CONFIG, platform="win32", open_capture=opencv))

    assert opencv.opened == [(1, cv2.CAP_DSHOW), (1, cv2.CAP_MSMF)]
    assert error.message == "cannot open camera 1"
    assert error.retryable
    assert error.hint.startswith("Settings, Privacy & security, Camera")  # a refusal there looks the same


def test_elsewhere_frames_are_stamped_when_read(opencv: OpenCv) -> None:
    with Camera("", CONFIG, platform="darwin", open_capture=opencv) as camera:
        frame = camera.read(1.0)
        assert camera.description.startswith("camera: 1280x720")

    assert opencv.opened == [(0, cv2.CAP_AVFOUNDATION)]
    assert frame is not None
    assert frame.stamp is Stamp.READ


def test_a_name_is_no_number(opencv: OpenCv) -> None:
    assert "no camera is called" in refusal(Camera("front", CONFIG, platform="win32", open_capture=opencv)).message
