"""Our numbers against the kernel's header, and the fake machine's answers."""

from __future__ import annotations

import ctypes
import errno
import shutil
import subprocess
from pathlib import Path

import pytest

from avatard import v4l2
from avatard.v4l2 import (
    CAPABILITY,
    EVENT,
    EVENT_SUBSCRIPTION,
    EVENTS_CLIENT_USAGE,
    FMTDESC,
    FORMAT,
    LOOPBACK_DRIVER,
    REQUESTBUFFERS,
    STREAMPARM,
)
from avatard.v4l2_fake import FakeDevice, FakeKernel

NUMBERS = {
    "VIDIOC_QUERYCAP": v4l2.VIDIOC_QUERYCAP,
    "VIDIOC_ENUM_FMT": v4l2.VIDIOC_ENUM_FMT,
    "VIDIOC_G_FMT": v4l2.VIDIOC_G_FMT,
    "VIDIOC_S_FMT": v4l2.VIDIOC_S_FMT,
    "VIDIOC_REQBUFS": v4l2.VIDIOC_REQBUFS,
    "VIDIOC_STREAMON": v4l2.VIDIOC_STREAMON,
    "VIDIOC_S_PARM": v4l2.VIDIOC_S_PARM,
    "VIDIOC_G_PRIORITY": v4l2.VIDIOC_G_PRIORITY,
    "VIDIOC_S_PRIORITY": v4l2.VIDIOC_S_PRIORITY,
    "VIDIOC_DQEVENT": v4l2.VIDIOC_DQEVENT,
    "VIDIOC_SUBSCRIBE_EVENT": v4l2.VIDIOC_SUBSCRIBE_EVENT,
    "VIDIOC_UNSUBSCRIBE_EVENT": v4l2.VIDIOC_UNSUBSCRIBE_EVENT,
    "V4L2_PRIORITY_BACKGROUND": v4l2.PRIORITY_BACKGROUND,
    "V4L2_PRIORITY_DEFAULT": v4l2.PRIORITY_BACKGROUND + 1,
    "V4L2_EVENT_PRIVATE_START": EVENTS_CLIENT_USAGE[1],
    "V4L2_EVENT_SUB_FL_SEND_INITIAL": v4l2.EVENT_SUB_FL_SEND_INITIAL,
    "V4L2_CAP_VIDEO_CAPTURE": v4l2.CAP_VIDEO_CAPTURE,
    "V4L2_CAP_VIDEO_OUTPUT": v4l2.CAP_VIDEO_OUTPUT,
    "V4L2_CAP_DEVICE_CAPS": v4l2.CAP_DEVICE_CAPS,
    "V4L2_BUF_TYPE_VIDEO_CAPTURE": v4l2.BUF_TYPE_VIDEO_CAPTURE,
    "V4L2_BUF_TYPE_VIDEO_OUTPUT": v4l2.BUF_TYPE_VIDEO_OUTPUT,
    "V4L2_MEMORY_MMAP": v4l2.MEMORY_MMAP,
    "V4L2_PIX_FMT_YUV420": v4l2.PIX_FMT_YUV420,
    "V4L2_PIX_FMT_PRIV_MAGIC": v4l2.PIX_FMT_PRIV_MAGIC,
    "V4L2_FIELD_NONE": v4l2.FIELD_NONE,
    "V4L2_COLORSPACE_SMPTE170M": v4l2.COLORSPACE_SMPTE170M,
    "V4L2_YCBCR_ENC_601": v4l2.YCBCR_ENC_601,
    "V4L2_QUANTIZATION_LIM_RANGE": v4l2.QUANTIZATION_LIM_RANGE,
    "V4L2_XFER_FUNC_709": v4l2.XFER_FUNC_709,
    "sizeof(struct v4l2_capability)": CAPABILITY.size,
    "sizeof(struct v4l2_format)": FORMAT.size,
    "sizeof(struct v4l2_streamparm)": STREAMPARM.size,
    "sizeof(struct v4l2_requestbuffers)": REQUESTBUFFERS.size,
    "sizeof(struct v4l2_fmtdesc)": FMTDESC.size,
    "sizeof(struct v4l2_event)": EVENT.size,
    "sizeof(struct v4l2_event_subscription)": EVENT_SUBSCRIPTION.size,
    "offsetof(struct v4l2_event, u)": 8,
    "offsetof(struct v4l2_event_subscription, flags)": 8,
    "offsetof(struct v4l2_capability, version)": 80,
    "offsetof(struct v4l2_capability, device_caps)": 88,
    "offsetof(struct v4l2_format, fmt.pix.width)": 8,
    "offsetof(struct v4l2_format, fmt.pix.sizeimage)": 28,
    "offsetof(struct v4l2_format, fmt.pix.priv)": 36,
    "offsetof(struct v4l2_format, fmt.pix.xfer_func)": 52,
    "offsetof(struct v4l2_streamparm, parm.output.timeperframe)": 12,
    "offsetof(struct v4l2_fmtdesc, pixelformat)": 44,
}


@pytest.mark.skipif(
    not Path("/usr/include/linux/videodev2.h").exists()
    or not shutil.which("cc")
    or ctypes.sizeof(ctypes.c_void_p) != 8,
    reason="needs a C compiler and linux/videodev2.h on a 64-bit machine",
)
def test_numbers_are_those_of_the_kernel_header(tmp_path: Path) -> None:
    source = tmp_path / "numbers.c"
    lines = "\n".join(f'printf("%lu\\n", (unsigned long)({name}));' for name in NUMBERS)
    source.write_text(
        f"#include <stdio.h>\n#include <stddef.h>\n#include <linux/videodev2.h>\nint main(void) {{ {lines} }}"
    )
    subprocess.run(["cc", "-o", tmp_path / "numbers", source], check=True)
    answer = subprocess.run([tmp_path / "numbers"], check=True, capture_output=True, text=True).stdout

    assert dict(zip(NUMBERS, map(int, answer.split()), strict=True)) == NUMBERS


def test_query_reads_the_capabilities(tmp_path: Path) -> None:
    kernel = FakeKernel(tmp_path, FakeDevice(0, "HD Webcam"))

    what = v4l2.query(kernel, kernel.open(tmp_path / "dev/video0"))

    assert (what.driver, what.card, what.version) == ("uvcvideo", "HD Webcam", (6, 1, 0))
    assert what.capture
    assert not what.output


def test_formats_end_where_the_driver_says_so(tmp_path: Path) -> None:
    kernel = FakeKernel(tmp_path, FakeDevice(0, "HD Webcam", formats=("MJPG", "YUYV", "H264")))

    assert v4l2.capture_formats(kernel, kernel.open(tmp_path / "dev/video0")) == ["MJPG", "YUYV", "H264"]


def test_a_camera_that_another_program_streams_from_is_busy(tmp_path: Path) -> None:
    device = FakeDevice(0, "HD Webcam")
    kernel = FakeKernel(tmp_path, device)
    fd = kernel.open(tmp_path / "dev/video0")

    assert not v4l2.capture_busy(kernel, fd)
    device.taken = True
    assert v4l2.capture_busy(kernel, fd)


def test_set_output_format_gives_what_the_driver_settled_for(tmp_path: Path) -> None:
    device = FakeDevice(10, "avatard", LOOPBACK_DRIVER)
    kernel = FakeKernel(tmp_path, device)
    fd = kernel.open(tmp_path / "dev/video10")

    assert v4l2.set_output_format(kernel, fd, 1280, 720) == v4l2.PixelFormat(1280, 720, v4l2.PIX_FMT_YUV420, 1382400)
    device.fixed_format = (640, 480, 0x56595559)
    got = v4l2.set_output_format(kernel, fd, 1280, 720)

    assert (got.width, got.height, v4l2.fourcc_name(got.fourcc)) == (640, 480, "YUYV")


def test_free_output_mends_what_a_mere_writer_left(tmp_path: Path) -> None:
    device = FakeDevice(10, "avatard", LOOPBACK_DRIVER)
    kernel = FakeKernel(tmp_path, device)
    path = tmp_path / "dev/video10"
    fd = kernel.open(path)
    kernel.write(fd, memoryview(bytes(10)))
    kernel.close(fd)
    assert (device.ready_output, device.ready_capture) == (False, False)  # the trap

    v4l2.free_output(kernel, path)

    assert (device.ready_output, device.ready_capture) == (True, False)
    assert kernel.open_descriptors == 0


def test_free_output_takes_einval_for_nothing_to_do(tmp_path: Path) -> None:
    kernel = FakeKernel(tmp_path, FakeDevice(0, "HD Webcam"))

    v4l2.free_output(kernel, tmp_path / "dev/video0")

    assert kernel.open_descriptors == 0


def test_the_real_kernel_reports_what_is_no_device(tmp_path: Path) -> None:
    file = tmp_path / "video0"
    file.touch()
    kernel = v4l2.Kernel()
    fd = kernel.open(file)
    try:
        with pytest.raises(OSError) as caught:
            v4l2.query(kernel, fd)
    finally:
        kernel.close(fd)

    assert caught.value.errno == errno.ENOTTY


def test_anybody_else_is_seen_by_the_priority(tmp_path: Path) -> None:
    kernel = FakeKernel(tmp_path, FakeDevice(10, "avatard", LOOPBACK_DRIVER))
    ours = kernel.open(tmp_path / "dev/video10")
    v4l2.give_way(kernel, ours)
    seen = [v4l2.opened_elsewhere(kernel, ours)]
    theirs = kernel.open(tmp_path / "dev/video10")
    seen.append(v4l2.opened_elsewhere(kernel, ours))
    kernel.close(theirs)
    seen.append(v4l2.opened_elsewhere(kernel, ours))

    assert seen == [False, True, False]


@pytest.mark.parametrize("event", EVENTS_CLIENT_USAGE)
def test_the_module_tells_who_streams(tmp_path: Path, event: int) -> None:
    device = FakeDevice(10, "avatard", LOOPBACK_DRIVER, streaming=0, event=event)
    kernel = FakeKernel(tmp_path, device)
    fd = kernel.open(tmp_path / "dev/video10")
    seen = []
    for streaming in (0, 1, 1, 0):
        device.streaming = streaming
        seen.append(v4l2.streaming_readers(kernel, fd))

    assert seen == [0, 1, 1, 0], "each time the present number, not the last change"
    assert not device.subscribed


def test_an_older_module_does_not_tell_who_streams(tmp_path: Path) -> None:
    kernel = FakeKernel(tmp_path, FakeDevice(10, "avatard", LOOPBACK_DRIVER))

    assert v4l2.streaming_readers(kernel, kernel.open(tmp_path / "dev/video10")) is None


def test_a_claim_holds_until_it_is_closed(tmp_path: Path) -> None:
    node, kernel = tmp_path / "video0", v4l2.Kernel()
    node.touch()
    one, other = kernel.open(node), kernel.open(node)
    assert kernel.claim(one)
    assert not kernel.claim(other)
    kernel.close(one)
    assert kernel.claim(other)
    kernel.close(other)
