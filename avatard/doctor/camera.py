"""Webcams: there, ours to open, free, and fast."""

from __future__ import annotations

from collections.abc import Iterator

from avatard.capture.camera_names import camera_names
from avatard.doctor.finding import Finding, Level
from avatard.doctor.rights import no_permission
from avatard.doctor.system import System
from avatard.errors import SourceError
from avatard.video_devices import VideoDevice, holders, may_be_loopback, video_devices

CHECK = "camera"
WITHOUT = "avatard up --source performer"
#: What OpenCV can turn into pictures.
DECODED = frozenset({"MJPG", "JPEG", "YUYV", "UYVY", "YVYU", "NV12", "YU12", "YV12", "RGB3", "BGR3", "GREY"})
#: Raw pictures up to this width come at 30 a second through USB 2.
RAW_WIDTH = 640


def check_camera(system: System) -> Iterator[Finding]:
    """Each camera of the machine; elsewhere than on Linux by name alone, because opening one would switch it on."""
    if system.platform != "linux":
        yield _by_name(system)
        return
    devices = video_devices(system.root, system.kernel)
    cameras = [device for device in devices if device.camera]
    # A loopback that may not be opened is the virtual camera's finding.
    others = [device for device in devices if not may_be_loopback(device, system.root)]
    closed = [device for device in others if device.problem == "no permission"]
    for device in cameras:
        yield _camera(system, device)
    for device in closed:
        yield no_permission(system, CHECK, f"{device.path} ({device.name})", device.path, SourceError)
    if not cameras and not closed:
        yield _none(system)


def _camera(system: System, device: VideoDevice) -> Finding:
    text = f"{device.path} ({device.name}): {', '.join(device.formats) or 'no formats'}"
    if device.taken:
        using = holders(device.path, system.root)
        if any(holder.ours for holder in using):
            return Finding(CHECK, Level.OK, f"{text}; in use by avatard")
        names = ", ".join(map(str, using)) or "another user's program"
        return Finding(CHECK, Level.WARN, f"{text}; in use by {names}", advice="Close it there before avatard up.")
    if not DECODED.intersection(device.formats):
        advice = "OpenCV decodes none of these. Another /dev/videoN of the same camera may have MJPG."
        return Finding(CHECK, Level.WARN, text, "avatard devices", advice)
    if "MJPG" not in device.formats and system.config.capture.width > RAW_WIDTH:
        fix = f"avatard config set capture.width {RAW_WIDTH}\navatard config set capture.height 480"
        return Finding(CHECK, Level.WARN, f"{text}; no MJPG, so large pictures come slowly", fix)
    return Finding(CHECK, Level.OK, text)


def _none(system: System) -> Finding:
    if not system.config.capture.source.startswith("camera"):
        return Finding(CHECK, Level.OK, f"none, and none needed: the source is {system.config.capture.source}")
    return Finding(CHECK, Level.WARN, "no camera: plug one in, or run without", WITHOUT)


def _by_name(system: System) -> Finding:
    names = camera_names(system.platform, system.run)
    if names is None:
        return Finding(CHECK, Level.OK, "not looked at: opening it would switch it on; avatard up says what it finds")
    if not names:
        return _none(system)
    advice = ""
    if system.platform == "darwin":
        advice = "macOS asks once whether the terminal may use it: System Settings, Privacy & Security, Camera."
    return Finding(CHECK, Level.OK, ", ".join(names), advice=advice)
