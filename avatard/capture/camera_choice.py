"""Which camera is meant, how to reach it, and why it will not open."""

from __future__ import annotations

import errno
import sys
from pathlib import Path

from avatard.errors import SourceError
from avatard.v4l2 import Kernel
from avatard.video_devices import JOIN_VIDEO_GROUP, VideoDevice, holders, video_device, video_devices

PLUG_IN = "Plug one in, or run without: --source performer, --source none. `avatard devices` lists what is there."

#: Where the user says which programs may use cameras: a refusal there looks like a camera that does not open.
PRIVACY = {
    "win32": "Settings, Privacy & security, Camera: desktop apps must have access. Is another program using it?",
    "darwin": "System Settings, Privacy & Security, Camera: the terminal must be allowed, and started anew then.",
}


def capture_backends(platform: str = sys.platform) -> tuple[int, ...]:
    """OpenCV's names of the ways to reach a camera on `platform`, the best first.

    Windows: DirectShow opens in under a second where Media Foundation takes up to 30 s, but lacks some cameras.
    """
    import cv2

    match platform:
        case "linux":
            return (cv2.CAP_V4L2,)
        case "win32":
            return (cv2.CAP_DSHOW, cv2.CAP_MSMF)
        case "darwin":
            return (cv2.CAP_AVFOUNDATION,)
    return (cv2.CAP_ANY,)


def camera_number(which: str) -> int:
    """The number of the camera that `which` means, "" for the first: where cameras have no paths."""
    if which and not which.isdigit():
        raise SourceError(f"no camera is called {which!r}", "Use camera or camera:N.")
    return int(which or 0)


def linux_camera(which: str, root: Path, kernel: Kernel) -> VideoDevice:
    """The device that `which` means: a number, a path, or "" for the first that is no virtual camera.

    It may still be one that cannot be opened (`problem`); opening it then says why. Raises SourceError.
    """
    return _named(which, root, kernel) if which else _first(root, kernel)


def why_not(name: str, path: Path | None, root: Path, kernel: Kernel, platform: str = sys.platform) -> SourceError:
    """Why OpenCV could not open the camera `name`; it does not say itself. path: `None` but on Linux."""
    if path is None:
        hint = "\n".join([*([PRIVACY[platform]] if platform in PRIVACY else []), PLUG_IN])
        return SourceError(f"cannot open {name}", hint, retryable=True)
    using = holders(path, root)
    if using:
        return SourceError(f"{name} is in use by {', '.join(map(str, using))}", "Close it there.", retryable=True)
    try:
        kernel.close(kernel.open(path))
    except OSError as e:
        if e.errno in (errno.EACCES, errno.EPERM):
            return SourceError(f"no permission to open {path}", JOIN_VIDEO_GROUP)
        return SourceError(f"cannot open {name}: {e.strerror}", PLUG_IN, retryable=True)
    return SourceError(
        f"{name} does not start", "Another user's program may hold it, or unplug it and plug it in.", retryable=True
    )


def _first(root: Path, kernel: Kernel) -> VideoDevice:
    devices = video_devices(root, kernel)
    for device in devices:
        if device.camera:
            return device
    for device in devices:
        if device.problem == "no permission":
            raise SourceError(f"no permission to open {device.path} ({device.name})", JOIN_VIDEO_GROUP)
        if device.problem == "busy":
            return device
    raise SourceError("there is no camera", PLUG_IN, retryable=True)


def _named(which: str, root: Path, kernel: Kernel) -> VideoDevice:
    path = Path(f"/dev/video{which}" if which.isdigit() else which)
    if path.is_absolute():
        path = root / path.relative_to("/")
    device = video_device(path, root, kernel)
    if device.problem in ("not there", "not a video device"):
        raise SourceError(f"{path} is {device.problem}", PLUG_IN, retryable=True)
    if not device.problem and not device.capture:
        raise SourceError(f"{path} ({device.name}) gives no pictures: not a camera", PLUG_IN)
    return device
