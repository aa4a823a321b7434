"""A fake machine with video devices, for tests: no kernel module, no hardware.

`FakeKernel` answers the ioctls as drivers do, and lays out the /sys, /dev and /proc entries that go with its devices
below a folder. A loopback device has the two flags of v4l2loopback 0.12.7 with exclusive_caps=1, trap included, and
was compared with the real one on Debian 12's kernel in a virtual machine:

                     offers output   offers capture
    fresh                 yes             no
    stream started        no              yes         (that descriptor is then a producer)
    written to            no              yes         (that one is not)
    a producer closes     yes             as before
    the last one closes   as before       no
"""

from __future__ import annotations

import errno
import os
import struct
from dataclasses import dataclass, field
from pathlib import Path

from avatard.v4l2 import (
    BUF_TYPE_VIDEO_OUTPUT,
    CAP_DEVICE_CAPS,
    CAP_VIDEO_CAPTURE,
    CAP_VIDEO_OUTPUT,
    CAPABILITY,
    EVENT,
    EVENT_SUBSCRIPTION,
    EVENTS_CLIENT_USAGE,
    FMTDESC,
    FORMAT,
    LOOPBACK_DRIVER,
    PRIORITY_BACKGROUND,
    VIDIOC_DQEVENT,
    VIDIOC_ENUM_FMT,
    VIDIOC_G_PRIORITY,
    VIDIOC_QUERYCAP,
    VIDIOC_REQBUFS,
    VIDIOC_S_FMT,
    VIDIOC_S_PARM,
    VIDIOC_S_PRIORITY,
    VIDIOC_STREAMON,
    VIDIOC_SUBSCRIBE_EVENT,
    VIDIOC_UNSUBSCRIBE_EVENT,
    Kernel,
)


@dataclass
class FakeDevice:
    """One device and what happened to it."""

    index: int
    name: str
    driver: str = "uvcvideo"
    formats: tuple[str, ...] = ("MJPG", "YUYV")
    open_error: int = 0  #: errno of each open
    write_error: int = 0  #: errno of each write
    takes: int = -1  #: bytes a write takes; -1 for all
    taken: bool = False  #: another program streams from it
    claimed: int = 0  #: descriptor that claimed it
    streaming: int | None = None  #: readers that stream, as newer loopbacks tell; None for one that does not
    event: int = EVENTS_CLIENT_USAGE[0]  #: the number of the event that tells it
    priorities: bool = True  #: whether it knows VIDIOC_S_PRIORITY
    fixed_format: tuple[int, int, int] | None = None  #: width, height, fourcc it stays at, whatever is asked
    exclusive: bool = True  #: a loopback's exclusive_caps
    ready_output: bool = True
    ready_capture: bool = False
    opened: int = 0
    polite: set[int] = field(default_factory=set)  #: descriptors that gave way
    subscribed: set[int] = field(default_factory=set)
    told: list[int] = field(default_factory=list)  #: events that wait
    producers: set[int] = field(default_factory=set)
    asked: list[tuple[int, int, int]] = field(default_factory=list)  #: formats that were set
    written: list[bytes] = field(default_factory=list)

    @property
    def loopback(self) -> bool:
        """Whether it is a v4l2loopback."""
        return self.driver == LOOPBACK_DRIVER


class FakeKernel(Kernel):
    """The system calls, answered by `devices`; `root` gets their files."""

    def __init__(self, root: Path, *devices: FakeDevice) -> None:
        self.root = root
        self.devices = devices
        self._open: dict[int, FakeDevice] = {}
        self._next = 1000  # no real descriptor: a stray os.write fails
        for device in devices:
            node = root / f"dev/video{device.index}"
            entry = root / f"sys/class/video4linux/video{device.index}"
            node.parent.mkdir(parents=True, exist_ok=True)
            entry.mkdir(parents=True, exist_ok=True)
            node.touch()
            (entry / "name").write_text(device.name + "\n")
            if device.loopback:
                module = root / "sys/module/v4l2loopback"
                (module / "parameters").mkdir(parents=True, exist_ok=True)
                (module / "parameters/exclusive_caps").write_text(f"{'Y' if device.exclusive else 'N'},N,N,N,N,N,N,N\n")

    def add_process(self, pid: int, command: str, *opened: Path) -> None:
        """Lay out /proc/PID of a process that has those files open."""
        process = self.root / f"proc/{pid}"
        (process / "fd").mkdir(parents=True)
        (process / "comm").write_text(command + "\n")
        for number, path in enumerate(opened, 3):
            (process / f"fd/{number}").symlink_to(path)

    @property
    def open_descriptors(self) -> int:
        """How many were not closed."""
        return len(self._open)

    def open(self, path: Path) -> int:
        device = next((d for d in self.devices if self.root / f"dev/video{d.index}" == path), None)
        if device is None:
            raise OSError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
        if device.open_error:
            raise OSError(device.open_error, os.strerror(device.open_error), str(path))
        self._next += 1
        device.opened += 1
        self._open[self._next] = device
        return self._next

    def close(self, fd: int) -> None:
        device = self._open.pop(fd)
        device.opened -= 1
        device.polite.discard(fd)
        if device.claimed == fd:
            device.claimed = 0
        if device.opened == 0:
            device.ready_capture = False
        if fd in device.producers:
            device.producers.remove(fd)
            device.ready_output = True

    def ioctl(self, fd: int, request: int, argument: bytearray) -> None:
        device = self._open[fd]
        match request:
            case x if x == VIDIOC_QUERYCAP:
                argument[:] = CAPABILITY.pack(
                    device.driver.encode(),
                    device.name.encode(),
                    b"fake",
                    0x060100,
                    CAP_DEVICE_CAPS,
                    self._offers(device),
                )
            case x if x == VIDIOC_ENUM_FMT:
                index, kind, *_ = FMTDESC.unpack(argument)
                if index >= len(device.formats):
                    raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
                fourcc = int.from_bytes(device.formats[index].encode(), "little")
                argument[:] = FMTDESC.pack(index, kind, 0, b"fake", fourcc)
            case x if x == VIDIOC_S_FMT:
                fields = list(FORMAT.unpack(argument))
                device.asked.append((fields[1], fields[2], fields[3]))
                if device.fixed_format is not None:
                    fields[1:4] = device.fixed_format
                argument[:] = FORMAT.pack(*fields)
            case x if x == VIDIOC_REQBUFS:
                if device.taken:
                    raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))
            case x if x == VIDIOC_STREAMON:
                if not device.loopback or struct.unpack("=i", argument)[0] != BUF_TYPE_VIDEO_OUTPUT:
                    raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
                device.producers.add(fd)
                device.ready_output, device.ready_capture = False, True
            case x if x == VIDIOC_S_PRIORITY and device.priorities:
                assert struct.unpack("=I", argument)[0] == PRIORITY_BACKGROUND
                device.polite.add(fd)
            case x if x == VIDIOC_G_PRIORITY and device.priorities:
                others = device.opened > len(device.polite)
                argument[:] = struct.pack("=I", PRIORITY_BACKGROUND + others)
            case x if x == VIDIOC_SUBSCRIBE_EVENT:
                if device.streaming is None or EVENT_SUBSCRIPTION.unpack(argument)[0] != device.event:
                    raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
                if fd not in device.subscribed:  # only a new subscription is told the present number
                    device.told.append(device.streaming)
                device.subscribed.add(fd)
            case x if x == VIDIOC_UNSUBSCRIBE_EVENT:
                device.subscribed.discard(fd)
                device.told.clear()
            case x if x == VIDIOC_DQEVENT:
                argument[:] = EVENT.pack(device.event, device.told.pop(0))
            case x if x == VIDIOC_S_PARM:
                raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))  # as some versions do
            case _:
                raise OSError(errno.ENOTTY, os.strerror(errno.ENOTTY))

    def claim(self, fd: int) -> bool:
        device = self._open[fd]
        if device.claimed not in (0, fd):
            return False
        device.claimed = fd
        return True

    def write(self, fd: int, picture: memoryview) -> int:
        device = self._open[fd]
        if device.write_error:
            raise OSError(device.write_error, os.strerror(device.write_error))
        device.ready_output, device.ready_capture = False, True
        device.written.append(bytes(picture))
        return picture.nbytes if device.takes < 0 else device.takes

    def has_event(self, fd: int) -> bool:
        return bool(self._open[fd].told)

    def _offers(self, device: FakeDevice) -> int:
        if not device.loopback:
            return CAP_VIDEO_CAPTURE
        if not device.exclusive:
            return CAP_VIDEO_OUTPUT | CAP_VIDEO_CAPTURE
        return CAP_VIDEO_OUTPUT * device.ready_output | CAP_VIDEO_CAPTURE * device.ready_capture
