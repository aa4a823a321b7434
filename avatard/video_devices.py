"""The video devices of a Linux machine, and who holds them."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from pathlib import Path

from avatard.v4l2 import LOOPBACK_DRIVER, Kernel, capture_busy, capture_formats, query

#: What `card_label` names our virtual camera in the lines below; such a device is never taken for a webcam.
CARD_LABEL = "avatard"

#: exclusive_caps: Chrome, Zoom and Teams list no camera that can also be written to; max_buffers: the fewest.
OPTIONS = f"exclusive_caps=1 max_buffers=2 card_label={CARD_LABEL}"

LOAD_LOOPBACK = f"sudo modprobe v4l2loopback {OPTIONS}"

KEEP_LOOPBACK = f"""\
echo v4l2loopback | sudo tee /etc/modules-load.d/avatard.conf
echo 'options v4l2loopback {OPTIONS}' | sudo tee /etc/modprobe.d/avatard.conf"""

INSTALL_LOOPBACK = f"""\
sudo apt install v4l2loopback-dkms
{LOAD_LOOPBACK}
# and, to have it after each start:
{KEEP_LOOPBACK}"""

RELOAD_LOOPBACK = f"""\
sudo modprobe -r v4l2loopback
{LOAD_LOOPBACK}"""

JOIN_VIDEO_GROUP = "sudo usermod -aG video $USER   # then log out and in again"


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that has a device open."""

    pid: int
    command: str

    @property
    def ours(self) -> bool:
        """Whether it is an avatard."""
        return self.command == "avatard"

    def __str__(self) -> str:
        return f"{self.command} (process {self.pid})"


@dataclass(frozen=True, slots=True)
class VideoDevice:
    """One /dev/videoN. `driver`, `capture`, `output` and `formats` are empty where it could not be opened."""

    path: Path
    index: int
    name: str
    driver: str = ""
    capture: bool = False
    output: bool = False
    formats: tuple[str, ...] = ()  #: what its capture side gives: MJPG, YUYV …
    taken: bool = False  #: another program takes pictures from it; known of cameras only
    problem: str = ""  #: why it could not be opened

    @property
    def loopback(self) -> bool:
        """Whether it is a v4l2loopback: a virtual camera, ours or another program's."""
        return self.driver == LOOPBACK_DRIVER

    @property
    def camera(self) -> bool:
        """Whether it gives pictures of its own."""
        return self.capture and not self.loopback and self.name != CARD_LABEL


def video_devices(root: Path = Path("/"), kernel: Kernel | None = None) -> list[VideoDevice]:
    """All video devices, by number. Opens each for an instant; starts no camera."""
    kernel = kernel or Kernel()
    indices = sorted(
        int(entry.name[5:])
        for entry in (root / "sys/class/video4linux").glob("video*")
        if entry.name[5:].isdigit()  # radio0, vbi0 and v4l-subdev0 live there too
    )
    return [_inspect(root, index, kernel) for index in indices]


def video_device(path: Path, root: Path = Path("/"), kernel: Kernel | None = None) -> VideoDevice:
    """The device at `path`, which may be a link such as /dev/v4l/by-id/…; see `problem` when it cannot be opened."""
    node = path.resolve()
    if node.parent == (root / "dev").resolve() and node.name.startswith("video") and node.name[5:].isdigit():
        return _inspect(root, int(node.name[5:]), kernel or Kernel())
    return VideoDevice(path, -1, path.name, problem="not a video device" if path.exists() else "not there")


def may_be_loopback(device: VideoDevice, root: Path = Path("/")) -> bool:
    """As `VideoDevice.loopback`, also where it could not be opened: loopbacks are the only virtual devices of this
    class that matter here."""
    if device.driver:
        return device.loopback
    return "virtual" in (root / f"sys/class/video4linux/video{device.index}").resolve().parts


def first_loopback(devices: list[VideoDevice]) -> VideoDevice | None:
    """The virtual camera to use where none is named: the loopback called avatard, else the first."""
    loopbacks = [device for device in devices if device.loopback]
    return min(loopbacks, key=lambda device: (CARD_LABEL not in device.name.lower(), device.index), default=None)


def holders(path: Path, root: Path = Path("/")) -> list[Holder]:
    """The processes that have the device open, as far as this user may see them; this one too, if it has."""
    wanted = {str(path), os.path.realpath(path)}
    found = []
    for process in (root / "proc").glob("[0-9]*"):
        try:
            if any(_target(fd) in wanted for fd in (process / "fd").iterdir()):
                found.append(Holder(int(process.name), (process / "comm").read_text().strip()))
        except OSError:
            continue  # another user's process, or one that has just ended
    return sorted(found, key=lambda holder: holder.pid)


def _target(descriptor: Path) -> str:
    try:
        return os.readlink(descriptor)
    except FileNotFoundError:
        return ""  # closed a moment ago: its process may hold the device by another


def loopback_version(root: Path = Path("/")) -> tuple[int, ...] | None:
    """Version of the loaded v4l2loopback, such as (0, 14, 0). (0, 12) stands for all that do not say theirs, which is
    those before 0.13. `None` when none is loaded, or it is a snapshot."""
    module = root / "sys/module/v4l2loopback"
    if not module.is_dir():
        return None
    try:
        numbers = (module / "version").read_text().strip().split(".")
    except OSError:
        return (0, 12)
    return tuple(map(int, numbers)) if all(number.isdigit() for number in numbers) else None


def _inspect(root: Path, index: int, kernel: Kernel) -> VideoDevice:
    path = root / f"dev/video{index}"
    try:
        name = (root / f"sys/class/video4linux/video{index}/name").read_text().strip()
    except OSError:
        name = path.name
    try:
        fd = kernel.open(path)
    except OSError as e:
        return VideoDevice(path, index, name, problem=_reason(e))
    try:
        what = query(kernel, fd)
        formats = tuple(capture_formats(kernel, fd)) if what.capture else ()
        taken = what.capture and what.driver != LOOPBACK_DRIVER and capture_busy(kernel, fd)
    except OSError as e:
        return VideoDevice(path, index, name, problem=_reason(e))
    finally:
        kernel.close(fd)
    return VideoDevice(path, index, name, what.driver, what.capture, what.output, formats, taken)


def _reason(e: OSError) -> str:
    match e.errno:
        case errno.EACCES | errno.EPERM:
            return "no permission"
        case errno.EBUSY:
            return "busy"
        case errno.ENOENT | errno.ENODEV | errno.ENXIO:
            return "not there"
    return e.strerror or str(e)
