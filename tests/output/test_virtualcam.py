from __future__ import annotations

import errno
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from avatard.errors import SinkError
from avatard.output import readers_of
from avatard.output.pyvirtualcam import PyVirtualCam
from avatard.output.virtualcam import Loopback, open_virtualcam
from avatard.sealed import Sealed, VideoFormat
from avatard.v4l2 import LOOPBACK_DRIVER, PIX_FMT_YUV420, VIDIOC_S_PRIORITY
from avatard.v4l2_fake import FakeDevice, FakeKernel

MakeSealed = Callable[[int, int], Sealed]


def loopback(index: int = 10, name: str = "avatard", **state: object) -> FakeDevice:
    device = FakeDevice(index, name, LOOPBACK_DRIVER)
    for key, value in state.items():
        setattr(device, key, value)
    return device


def refusal(kernel: FakeKernel, device: str, video_format: VideoFormat) -> SinkError:
    with pytest.raises(SinkError) as caught, Loopback(device, video_format, kernel, kernel.root):
        pass
    assert kernel.open_descriptors == 0
    return caught.value


def test_writes_the_very_bytes(tmp_path: Path, video_format: VideoFormat, make_sealed: MakeSealed) -> None:
    device = loopback()
    kernel = FakeKernel(tmp_path, device)
    with Loopback("", video_format, kernel, tmp_path) as sink:
        sealed = make_sealed(1, 0)
        sink.write(sealed)
        assert sink.description == f"{tmp_path}/dev/video10 (avatard, v4l2loopback): 64x48 I420"

    assert device.asked == [(64, 48, PIX_FMT_YUV420)]
    assert device.written == [sealed.i420.tobytes()]
    assert kernel.open_descriptors == 0


def test_can_be_opened_again_though_the_module_frees_no_mere_writer(
    tmp_path: Path, video_format: VideoFormat, make_sealed: MakeSealed
) -> None:
    device = loopback()
    kernel = FakeKernel(tmp_path, device)
    for number in range(3):
        with Loopback("10", video_format, kernel, tmp_path) as sink:
            sink.write(make_sealed(number, 0))
            assert device.ready_capture  # programs see a camera
        assert device.ready_output

    assert len(device.written) == 3


def test_what_another_program_left_stuck_is_freed(tmp_path: Path, video_format: VideoFormat) -> None:
    device = loopback(ready_output=False)
    with Loopback("", video_format, FakeKernel(tmp_path, device), tmp_path):
        pass

    assert device.ready_output


def test_newer_modules_need_no_start(tmp_path: Path, video_format: VideoFormat, make_sealed: MakeSealed) -> None:
    device = loopback()
    kernel = FakeKernel(tmp_path, device)
    (tmp_path / "sys/module/v4l2loopback/version").write_text("0.14.0\n")
    with Loopback("", video_format, kernel, tmp_path) as sink:
        sink.write(make_sealed(0, 0))
        assert not device.producers


def test_a_restart_beside_a_reader_goes_on(tmp_path: Path, video_format: VideoFormat, make_sealed: MakeSealed) -> None:
    device = loopback()
    kernel = FakeKernel(tmp_path, device)
    with Loopback("", video_format, kernel, tmp_path) as sink:
        sink.write(make_sealed(0, 0))
        reader = kernel.open(tmp_path / "dev/video10")
    kernel.add_process(55, "zoom", tmp_path / "dev/video10")
    with Loopback("", video_format, kernel, tmp_path) as sink:
        sink.write(make_sealed(1, 0))
    kernel.close(reader)

    assert len(device.written) == 2


def test_takes_the_one_that_is_labelled_for_us(tmp_path: Path, video_format: VideoFormat) -> None:
    kernel = FakeKernel(tmp_path, loopback(4, "OBS Virtual Camera"), loopback(9), FakeDevice(0, "HD Webcam"))
    with Loopback("", video_format, kernel, tmp_path) as sink:
        assert "video9" in sink.description


def test_takes_any_loopback_where_none_is_labelled(tmp_path: Path, video_format: VideoFormat) -> None:
    kernel = FakeKernel(tmp_path, FakeDevice(0, "HD Webcam"), loopback(4, "Dummy video device (0x0000)"))
    with Loopback("", video_format, kernel, tmp_path) as sink:
        assert "video4" in sink.description


def test_without_the_module_the_lines_to_paste(tmp_path: Path, video_format: VideoFormat) -> None:
    error = refusal(FakeKernel(tmp_path, FakeDevice(0, "HD Webcam")), "", video_format)

    assert "v4l2loopback is not loaded" in error.message
    for line in (
        "sudo apt install v4l2loopback-dkms",
        "sudo modprobe v4l2loopback exclusive_caps=1 max_buffers=2 card_label=avatard",
        "echo v4l2loopback | sudo tee /etc/modules-load.d/avatard.conf",
        "sudo tee /etc/modprobe.d/avatard.conf",
    ):
        assert line in error.hint


def test_a_webcam_is_no_virtual_camera(tmp_path: Path, video_format: VideoFormat) -> None:
    error = refusal(FakeKernel(tmp_path, FakeDevice(0, "HD Webcam"), loopback()), "/dev/video0", video_format)

    assert "uvcvideo" in error.message
    assert "/dev/video10" in error.hint


def test_a_device_that_is_not_there(tmp_path: Path, video_format: VideoFormat) -> None:
    error = refusal(FakeKernel(tmp_path), "/dev/video99", video_format)

    assert error.message == "/dev/video99 is not there"
    assert "modprobe" in error.hint


@pytest.mark.parametrize("named", ["", "/dev/video10"])
def test_no_permission_names_the_group(tmp_path: Path, video_format: VideoFormat, named: str) -> None:
    error = refusal(FakeKernel(tmp_path, loopback(open_error=errno.EACCES)), named, video_format)

    assert "no permission" in error.message
    assert "usermod -aG video" in error.hint


def test_a_second_producer_hears_who_is_there(
    tmp_path: Path, video_format: VideoFormat, make_sealed: MakeSealed
) -> None:
    device = loopback()
    kernel = FakeKernel(tmp_path, device)
    kernel.add_process(321, "obs", tmp_path / "dev/video10")
    with Loopback("", video_format, kernel, tmp_path) as first:
        first.write(make_sealed(0, 0))
        with pytest.raises(SinkError) as caught, Loopback("", video_format, kernel, tmp_path):
            pass
        first.write(make_sealed(1, 0))  # not disturbed

    assert "another program already writes" in caught.value.message
    assert "obs (process 321)" in caught.value.hint
    assert caught.value.retryable


def test_another_users_avatard_is_not_taken_for_a_device_left_behind(
    tmp_path: Path, video_format: VideoFormat, make_sealed: MakeSealed
) -> None:
    kernel = FakeKernel(tmp_path, loopback())  # no /proc entry: its process is not to be seen
    with Loopback("", video_format, kernel, tmp_path) as first:
        first.write(make_sealed(0, 0))
        with (
            pytest.raises(SinkError, match="another program already writes"),
            Loopback("", video_format, kernel, tmp_path),
        ):
            pass
    with Loopback("", video_format, kernel, tmp_path):  # its claim went with it
        pass


def test_a_program_that_claims_nothing_is_seen_by_its_process(tmp_path: Path, video_format: VideoFormat) -> None:
    kernel = FakeKernel(tmp_path, loopback())
    path = tmp_path / "dev/video10"
    fd = kernel.open(path)
    kernel.write(fd, memoryview(b"picture"))
    kernel.add_process(321, "ffmpeg", path)
    with pytest.raises(SinkError) as caught, Loopback("", video_format, kernel, tmp_path):
        pass
    assert "ffmpeg (process 321)" in caught.value.hint


def test_a_reader_that_holds_another_size_is_named(tmp_path: Path, video_format: VideoFormat) -> None:
    kernel = FakeKernel(tmp_path, loopback(fixed_format=(640, 480, PIX_FMT_YUV420)))
    kernel.add_process(55, "zoom", tmp_path / "dev/video10")
    error = refusal(kernel, "", video_format)

    assert "stays at 640x480 YU12" in error.message
    assert "zoom (process 55)" in error.hint
    assert error.retryable


def test_write_errors_may_pass(tmp_path: Path, video_format: VideoFormat, make_sealed: MakeSealed) -> None:
    device = loopback(write_error=errno.EIO)
    with (
        Loopback("", video_format, FakeKernel(tmp_path, device), tmp_path) as sink,
        pytest.raises(SinkError, match="does not take pictures") as caught,
    ):
        sink.write(make_sealed(0, 0))

    assert caught.value.retryable


def test_a_module_that_is_unloaded_is_an_error_with_its_line(
    tmp_path: Path, video_format: VideoFormat, make_sealed: MakeSealed
) -> None:
    device = loopback(write_error=errno.ENODEV)
    with (
        Loopback("", video_format, FakeKernel(tmp_path, device), tmp_path) as sink,
        pytest.raises(SinkError, match="has gone") as caught,
    ):
        sink.write(make_sealed(0, 0))

    assert caught.value.retryable  # opening it again says what to do where it does not come back
    assert "modprobe v4l2loopback" in caught.value.hint


def test_a_short_write_is_an_error(tmp_path: Path, video_format: VideoFormat, make_sealed: MakeSealed) -> None:
    device = loopback(takes=100)
    with (
        Loopback("", video_format, FakeKernel(tmp_path, device), tmp_path) as sink,
        pytest.raises(SinkError, match="took 100 of 4608 bytes") as caught,
    ):
        sink.write(make_sealed(0, 0))

    assert caught.value.retryable


def test_nobody_reads_a_device_that_is_not_open(tmp_path: Path, video_format: VideoFormat) -> None:
    assert readers_of(Loopback("", video_format, FakeKernel(tmp_path, loopback()), tmp_path)) == 0


def test_who_has_it_open_reads_it_where_the_module_says_no_more(tmp_path: Path, video_format: VideoFormat) -> None:
    kernel = FakeKernel(tmp_path, loopback())
    with Loopback("", video_format, kernel, tmp_path) as sink:
        seen = [readers_of(sink)]
        others = [kernel.open(tmp_path / "dev/video10") for _ in range(2)]
        seen.append(readers_of(sink))
        for other in others:
            kernel.close(other)
        seen.append(readers_of(sink))

    assert seen == [0, 1, 0]


def test_who_streams_reads_it_where_the_module_says_so(tmp_path: Path, video_format: VideoFormat) -> None:
    device = loopback(streaming=0)
    kernel = FakeKernel(tmp_path, device)
    with Loopback("", video_format, kernel, tmp_path) as sink:
        other = kernel.open(tmp_path / "dev/video10")  # a settings page: open, but no picture is taken
        seen = [readers_of(sink)]
        device.streaming = 1
        seen.append(readers_of(sink))
        kernel.close(other)

    assert seen == [0, 1]


def test_a_driver_that_says_nothing_of_readers(tmp_path: Path, video_format: VideoFormat) -> None:
    with Loopback("", video_format, FakeKernel(tmp_path, loopback(priorities=False)), tmp_path) as sink:
        assert readers_of(sink) is None


def test_it_gives_way_only_after_all_is_set_up(
    tmp_path: Path, video_format: VideoFormat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A descriptor of least priority may not set formats or start streams beside another."""
    kernel = FakeKernel(tmp_path, loopback())
    asked: list[int] = []
    real = kernel.ioctl

    def ioctl(fd: int, request: int, argument: bytearray) -> None:
        asked.append(request)
        real(fd, request, argument)

    monkeypatch.setattr(kernel, "ioctl", ioctl)
    with Loopback("", video_format, kernel, tmp_path):
        pass

    assert asked[-1] == VIDIOC_S_PRIORITY


@pytest.mark.parametrize(
    ("platform", "backend", "expected"),
    [
        ("linux", "auto", Loopback),
        ("linux", "pyvirtualcam", PyVirtualCam),
        ("win32", "auto", PyVirtualCam),
        ("darwin", "auto", PyVirtualCam),
        ("darwin", "v4l2", Loopback),
    ],
)
def test_backend_by_platform(
    monkeypatch: pytest.MonkeyPatch, video_format: VideoFormat, platform: str, backend: object, expected: type
) -> None:
    monkeypatch.setattr(sys, "platform", platform)

    assert isinstance(open_virtualcam("", backend, video_format), expected)  # type: ignore[arg-type]
