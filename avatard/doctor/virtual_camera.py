"""The virtual camera's device: ours to write to, and listed as a camera by the programs of a call."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from avatard.doctor.finding import Finding, Level
from avatard.doctor.rights import no_permission
from avatard.doctor.system import System
from avatard.errors import SinkError
from avatard.video_devices import (
    KEEP_LOOPBACK,
    RELOAD_LOOPBACK,
    Holder,
    VideoDevice,
    first_loopback,
    holders,
    may_be_loopback,
    video_devices,
)

CHECK = "virtual camera"
#: What Chrome and Zoom show of a v4l2loopback; NV12 and RGB are refused by some.
LISTED = ("YU12", "YUYV")
#: What /sys says of a device with a producer: "YU12:1280x720@30", or a fraction such as "@10000/1000".
_SHOWN = re.compile(r"(\w{4}):(\d+)x(\d+)@(\d+)(?:/(\d+))?")
RELOAD = f"{RELOAD_LOOPBACK}\n{KEEP_LOOPBACK}"


def check_virtual_camera(system: System) -> Iterator[Finding]:
    """Each v4l2loopback device. Nothing to say where the module is not loaded: that is its own finding."""
    if system.platform != "linux" or not (system.root / "sys/module/v4l2loopback").is_dir():
        return
    devices = [device for device in video_devices(system.root, system.kernel) if may_be_loopback(device, system.root)]
    used = _used(system, devices)
    if not devices and system.wants("virtualcam"):
        yield Finding(CHECK, Level.FAIL, "v4l2loopback is loaded without a device", RELOAD, error=SinkError)
    for device in devices:
        finding = _device(system, device)
        if finding.level is Level.FAIL and device.index not in used:
            finding = replace(finding, level=Level.OK, fix="", advice="avatard does not use it.")
        yield finding


def _used(system: System, devices: list[VideoDevice]) -> set[int]:
    """Numbers of the devices that `avatard up` as configured writes to."""
    used = set()
    for spec in system.config.output.sinks:
        kind, _, named = spec.partition(":")
        if kind == "virtualcam" and named:
            used.add(int(re.sub(r"\D", "", Path(named).name) or -1))
        elif kind == "virtualcam" and devices:
            used.add((first_loopback(devices) or devices[0]).index)
    return used


def _device(system: System, device: VideoDevice) -> Finding:
    text = f"{device.path} ({device.name})"
    if device.problem == "no permission":
        return no_permission(system, CHECK, text, device.path, SinkError)
    if device.problem:
        return Finding(CHECK, Level.FAIL, f"{text} cannot be opened: {device.problem}", RELOAD, error=SinkError)
    if device.capture and device.output:  # with exclusive_caps it is one or the other
        text += ": exclusive_caps is off, so Chrome, Zoom and Teams do not list it"
        return Finding(CHECK, Level.FAIL, text, RELOAD, error=SinkError)
    using = holders(device.path, system.root)
    shown = system.text(f"sys/class/video4linux/video{device.index}/format")
    if device.capture and not device.output and using:
        return _written(text, shown, using)
    if not device.capture and not device.output:
        return Finding(CHECK, Level.OK, f"{text}: left without an output side by another program; avatard up frees it")
    return Finding(CHECK, Level.OK, f"{text}: free; programs list it as soon as avatard writes to it")


def _written(text: str, shown: str, using: list[Holder]) -> Finding:
    """A device with a producer: what it shows, as the module tells it, and whose it is."""
    names = ", ".join(map(str, using))
    match = _SHOWN.fullmatch(shown)
    words = ""
    if match:
        fourcc, width, height, frames, seconds = match.groups()
        words = f"{fourcc} of {width}x{height} at {int(frames) / (int(seconds or 1) or 1):g} fps"
        if fourcc not in LISTED or int(width) % 2:
            text = f"{text}: {words}, from {names}"
            return Finding(CHECK, Level.WARN, text, advice="Chrome shows YU12 (I420) and YUYV of even width alone.")
    if any(holder.ours for holder in using):
        return Finding(CHECK, Level.OK, f"{text}: avatard shows {words or 'pictures'} there")
    text = f"{text}: a program writes to it; open in {names}"
    return Finding(CHECK, Level.WARN, text, advice="Stop it before avatard up.")
