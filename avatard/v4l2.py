"""Video4Linux2: the few calls that a virtual camera and a list of cameras need.

Layouts and numbers are those of linux/videodev2.h on 64-bit Linux, where `v4l2_format` is 208 bytes
(`tests/test_v4l2.py` compiles the header and compares). Everything goes through a `Kernel`, so that
`avatard.v4l2_fake` can stand in for a machine with devices.
"""

from __future__ import annotations

import errno
import os
import select
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

CAP_VIDEO_CAPTURE = 0x00000001
CAP_VIDEO_OUTPUT = 0x00000002
CAP_DEVICE_CAPS = 0x80000000

BUF_TYPE_VIDEO_CAPTURE = 1
BUF_TYPE_VIDEO_OUTPUT = 2
MEMORY_MMAP = 1

VIDIOC_QUERYCAP = 0x80685600
VIDIOC_ENUM_FMT = 0xC0405602
VIDIOC_G_FMT = 0xC0D05604
VIDIOC_S_FMT = 0xC0D05605
VIDIOC_REQBUFS = 0xC0145608
VIDIOC_STREAMON = 0x40045612
VIDIOC_S_PARM = 0xC0CC5616
VIDIOC_G_PRIORITY = 0x80045643
VIDIOC_S_PRIORITY = 0x40045644
VIDIOC_DQEVENT = 0x80885659
VIDIOC_SUBSCRIBE_EVENT = 0x4020565A
VIDIOC_UNSUBSCRIBE_EVENT = 0x4020565B

#: Least urgent; every other descriptor is born with the one above it.
PRIORITY_BACKGROUND = 1
#: v4l2loopback's own event: how many readers stream. Its number since 0.13, and that of Ubuntu's 0.12.7.
EVENTS_CLIENT_USAGE = (0x08000000 + 0x08E00000 + 1, 0x08000000)
EVENT_SUB_FL_SEND_INITIAL = 1

#: 'YU12': what V4L2 calls I420.
PIX_FMT_YUV420 = 0x32315559
FIELD_NONE = 1
COLORSPACE_SMPTE170M = 1
YCBCR_ENC_601 = 1
QUANTIZATION_LIM_RANGE = 2
XFER_FUNC_709 = 1
#: Says that the fields after `priv` are meant.
PIX_FMT_PRIV_MAGIC = 0xFEEDCAFE

#: struct v4l2_capability: driver, card, bus_info, version, capabilities, device_caps, reserved.
CAPABILITY = struct.Struct("=16s32s32sIII12x")
#: struct v4l2_format with its `pix` member: type, width, height, pixelformat, field, bytesperline, sizeimage,
#: colorspace, priv, flags, ycbcr_enc, quantization, xfer_func.
FORMAT = struct.Struct("=I4x12I152x")
#: struct v4l2_streamparm with its `output` member: type, capability, outputmode, numerator, denominator.
STREAMPARM = struct.Struct("=5I184x")
#: struct v4l2_requestbuffers: count, type, memory, capabilities, flags and reserved.
REQUESTBUFFERS = struct.Struct("=5I")
#: struct v4l2_fmtdesc: index, type, flags, description, pixelformat, mbus_code, reserved.
FMTDESC = struct.Struct("=III32sI16x")

#: struct v4l2_event_subscription: type, id, flags, reserved.
EVENT_SUBSCRIPTION = struct.Struct("=III20x")
#: struct v4l2_event, of which: type, the first word of `u` (eight bytes in, on 64-bit), the rest.
EVENT = struct.Struct("=I4xI124x")

#: What v4l2loopback calls itself in `v4l2_capability.driver`.
LOOPBACK_DRIVER = "v4l2 loopback"


class Kernel:
    """The system calls that reach a driver. Each raises OSError."""

    def open(self, path: Path) -> int:
        """A descriptor of the device, for reading and writing."""
        return os.open(path, os.O_RDWR | getattr(os, "O_CLOEXEC", 0))

    def close(self, fd: int) -> None:
        """Close what `open` gave."""
        os.close(fd)

    def ioctl(self, fd: int, request: int, argument: bytearray) -> None:
        """One ioctl; the driver's answer replaces `argument`'s bytes."""
        if sys.platform == "win32":
            raise OSError(errno.ENOSYS, "V4L2 is Linux's")
        import fcntl

        fcntl.ioctl(fd, request, argument, True)

    def write(self, fd: int, picture: memoryview) -> int:
        """Hand bytes to the driver; how many it took."""
        return os.write(fd, picture)

    def claim(self, fd: int) -> bool:
        """Whether no other process has claimed this device; then it is ours until the descriptor is closed.

        A lock on the node itself (flock): it holds between users who do not see each other's processes, and a driver
        knows nothing of it.
        """
        if sys.platform == "win32":
            raise OSError(errno.ENOSYS, "V4L2 is Linux's")
        import fcntl

        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def has_event(self, fd: int) -> bool:
        """Whether an event waits, so that taking it does not block."""
        if sys.platform == "win32":
            raise OSError(errno.ENOSYS, "V4L2 is Linux's")
        poll = select.poll()
        poll.register(fd, select.POLLPRI)
        return any(events & select.POLLPRI for _, events in poll.poll(0))


@dataclass(frozen=True, slots=True)
class Capability:
    """What a device says it is (VIDIOC_QUERYCAP). `capture` and `output` are what it offers at this moment:
    v4l2loopback with exclusive_caps=1 changes them as producers come and go."""

    driver: str
    card: str
    version: tuple[int, int, int]  #: of the kernel, or of the module for those out of the tree
    capture: bool
    output: bool


@dataclass(frozen=True, slots=True)
class PixelFormat:
    """What a device agreed to take."""

    width: int
    height: int
    fourcc: int
    bytes: int  #: of one picture


def query(kernel: Kernel, fd: int) -> Capability:
    """What the open device is and offers now. Raises OSError."""
    answer = bytearray(CAPABILITY.size)
    kernel.ioctl(fd, VIDIOC_QUERYCAP, answer)
    driver, card, _bus, version, whole, device = CAPABILITY.unpack(answer)
    offered = device if whole & CAP_DEVICE_CAPS else whole
    return Capability(
        _text(driver),
        _text(card),
        (version >> 16 & 0xFF, version >> 8 & 0xFF, version & 0xFF),
        bool(offered & CAP_VIDEO_CAPTURE),
        bool(offered & CAP_VIDEO_OUTPUT),
    )


def set_output_format(kernel: Kernel, fd: int, width: int, height: int) -> PixelFormat:
    """Ask for I420 (BT.601, limited range) of that size as what will be written; what the driver settled for, which
    may be something else. Raises OSError."""
    size = width * height * 3 // 2
    argument = bytearray(
        FORMAT.pack(
            BUF_TYPE_VIDEO_OUTPUT,
            width,
            height,
            PIX_FMT_YUV420,
            FIELD_NONE,
            width,
            size,
            COLORSPACE_SMPTE170M,
            PIX_FMT_PRIV_MAGIC,
            0,
            YCBCR_ENC_601,
            QUANTIZATION_LIM_RANGE,
            XFER_FUNC_709,
        )
    )
    kernel.ioctl(fd, VIDIOC_S_FMT, argument)
    _type, got_width, got_height, fourcc, _field, _line, got_size, *_rest = FORMAT.unpack(argument)
    return PixelFormat(got_width, got_height, fourcc, got_size)


def set_output_rate(kernel: Kernel, fd: int, fps: float) -> None:
    """Tell readers how many pictures a second to expect. Raises OSError."""
    period = (1000, round(fps * 1000))
    kernel.ioctl(fd, VIDIOC_S_PARM, bytearray(STREAMPARM.pack(BUF_TYPE_VIDEO_OUTPUT, 0, 0, *period)))


def capture_formats(kernel: Kernel, fd: int) -> list[str]:
    """The four-letter names of what a camera gives, in its own order: ["MJPG", "YUYV"]."""
    names: list[str] = []
    while True:
        argument = bytearray(FMTDESC.pack(len(names), BUF_TYPE_VIDEO_CAPTURE, 0, b"", 0))
        try:
            kernel.ioctl(fd, VIDIOC_ENUM_FMT, argument)
        except OSError as e:
            if e.errno in (errno.EINVAL, errno.ENOTTY):
                return names  # EINVAL is how the list ends
            raise
        names.append(fourcc_name(FMTDESC.unpack(argument)[4]))


def capture_busy(kernel: Kernel, fd: int) -> bool:
    """Whether another program takes pictures from the camera (having it open is not enough). Asks to free buffers of
    our own, of which there are none: only the answer to somebody else's descriptor is EBUSY. Raises OSError."""
    try:
        kernel.ioctl(fd, VIDIOC_REQBUFS, bytearray(REQUESTBUFFERS.pack(0, BUF_TYPE_VIDEO_CAPTURE, MEMORY_MMAP, 0, 0)))
    except OSError as e:
        if e.errno == errno.EBUSY:
            return True
        if e.errno not in (errno.EINVAL, errno.ENOTTY):  # no such buffers: a driver that only reads
            raise
    return False


def start_output(kernel: Kernel, fd: int) -> None:
    """Tell v4l2loopback that this descriptor is a producer (VIDIOC_STREAMON): closing it then frees the output side.

    0.12.x (Debian 12, Ubuntu 22.04 and 24.04) with exclusive_caps=1 counts as a producer only who starts the stream,
    not who merely writes: after such a writer has closed, nobody can write any more. Raises OSError.
    """
    kernel.ioctl(fd, VIDIOC_STREAMON, bytearray(struct.pack("=i", BUF_TYPE_VIDEO_OUTPUT)))


def free_output(kernel: Kernel, path: Path) -> None:
    """Make a v4l2loopback that another program left as above offer its output side again: start and close.

    Not for a device with a producer at work: a second one could get in beside it. Raises OSError.
    """
    fd = kernel.open(path)
    try:
        start_output(kernel, fd)
    except OSError as e:
        if e.errno != errno.EINVAL:  # newer versions, which have nothing to mend
            raise
    finally:
        kernel.close(fd)


def give_way(kernel: Kernel, fd: int) -> None:
    """Make this descriptor the least urgent one of its device (VIDIOC_S_PRIORITY), for `opened_elsewhere`. Formats can
    be set and streams started only before. Raises OSError."""
    kernel.ioctl(fd, VIDIOC_S_PRIORITY, bytearray(struct.pack("=I", PRIORITY_BACKGROUND)))


def opened_elsewhere(kernel: Kernel, fd: int) -> bool:
    """Whether anybody else has the device of `fd` open, whoever it is: the device's priority is that of its most urgent
    descriptor, and ours gave way. So no event is missed, and other users' programs count. Raises OSError.

    Tried with v4l2loopback 0.12.7 and 0.15.0 on Debian 12's kernel.
    """
    answer = bytearray(4)
    kernel.ioctl(fd, VIDIOC_G_PRIORITY, answer)
    return int(struct.unpack("=I", answer)[0]) > PRIORITY_BACKGROUND


def streaming_readers(kernel: Kernel, fd: int) -> int | None:
    """How many readers of a v4l2loopback stream (having it open is not enough); since 0.14 at most one can. None where
    the module does not say: before 0.13, except Ubuntu's. Raises OSError.

    Subscribes anew each time: the driver then tells the present number, and no change can be missed. Tried with
    0.15.0: readers by mmap and by read, and one that was killed.
    """
    for kind in EVENTS_CLIENT_USAGE:
        subscription = EVENT_SUBSCRIPTION.pack(kind, 0, EVENT_SUB_FL_SEND_INITIAL)
        try:
            kernel.ioctl(fd, VIDIOC_SUBSCRIBE_EVENT, bytearray(subscription))
        except OSError as e:
            if e.errno in (errno.EINVAL, errno.ENOTTY):
                continue
            raise
        try:
            count = _client_usage(kernel, fd, kind)
        finally:
            kernel.ioctl(fd, VIDIOC_UNSUBSCRIBE_EVENT, bytearray(subscription))
        return count
    return None


def _client_usage(kernel: Kernel, fd: int, kind: int) -> int | None:
    """The newest number that waits."""
    count: int | None = None
    while kernel.has_event(fd):
        event = bytearray(EVENT.size)
        kernel.ioctl(fd, VIDIOC_DQEVENT, event)
        got, number = EVENT.unpack(event)
        if got == kind:
            count = number
    return count


def fourcc_name(fourcc: int) -> str:
    """0x47504A4D → "MJPG"."""
    return fourcc.to_bytes(4, "little").decode("ascii", "replace").strip("\0 ")


def _text(raw: bytes) -> str:
    return raw.split(b"\0", 1)[0].decode("utf-8", "replace")
