"""Webcams: there, ours to open, free, and fast."""

from __future__ import annotations

from collections.abc import Iterator

from avatard.doctor.finding import Finding, Level
from avatard.doctor.system import System
from avatard.errors import SourceError
from avatard.video_devices import JOIN_VIDEO_GROUP, VideoDevice, holders, video_devices

WITHOUT = "Plug one in; until then: avatard up --source performer"


def check_cameras(system: System) -> Iterator[Finding]:
    """Each camera of a Linux machine; elsewhere they cannot be listed without opening them."""
    if system.platform != "linux":
        yield Finding("camera", Level.OK, "not looked at: opening it would switch it on; avatard up says what it finds")
        return
    devices = video_devices(system.root, system.kernel)
    cameras = [device for device in devices if device.camera]
    closed = [device for device in devices if device.problem == "no permission"]
    for device in cameras:
        yield _camera(system, device)
    for device in closed:
        text = f"no permission to open {device.path} ({device.name})"
        yield Finding("camera", Level.FAIL, text, JOIN_VIDEO_GROUP, SourceError)
    if not cameras and not closed:
        yield Finding("camera", Level.WARN, "no camera", WITHOUT)


def _camera(system: System, device: VideoDevice) -> Finding:
    text = f"{device.path} ({device.name}): {', '.join(device.formats) or 'no formats'}"
    if device.taken:
        names = ", ".join(map(str, holders(device.path, system.root))) or "another user's program"
        return Finding("camera", Level.WARN, f"{text}; in use by {names}", "Close it there before avatard up.")
    if "MJPG" not in device.formats:
        return Finding(
            "camera", Level.WARN, f"{text}; no MJPG, so large pictures come slowly", "Ask for less: --size 640x480"
        )
    return Finding("camera", Level.OK, text)
