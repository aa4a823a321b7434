"""The virtual camera: v4l2loopback on Linux, OBS's elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from avatard.doctor.finding import Finding, Level
from avatard.doctor.system import System
from avatard.errors import SinkError
from avatard.video_devices import (
    INSTALL_LOOPBACK,
    JOIN_VIDEO_GROUP,
    KEEP_LOOPBACK,
    LOAD_LOOPBACK,
    RELOAD_LOOPBACK,
    VideoDevice,
    holders,
    loopback_version,
    video_devices,
)

CHECK = "virtual camera"

#: Firmware variable, by its specification's GUID: four bytes of attributes, then 1 when Secure Boot is on.
SECURE_BOOT = "sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"

#: The key that DKMS signs the modules with that it builds, on Debian and Ubuntu.
DKMS_KEY = "/var/lib/dkms/mok.pub"


def check_virtual_camera(system: System) -> Iterator[Finding]:
    """A device to write to, that programs will list as a camera."""
    if system.platform != "linux":
        yield _pyvirtualcam(system)
        return
    module = system.root / "sys/module/v4l2loopback"
    if not module.is_dir():
        yield _not_loaded(system)
        return
    devices = [device for device in video_devices(system.root, system.kernel) if _is_loopback(device, system)]
    if not devices:
        yield Finding(CHECK, Level.FAIL, "v4l2loopback is loaded without a device", RELOAD_LOOPBACK, SinkError)
        return
    version = ".".join(map(str, loopback_version(system.root) or ())) or "snapshot"
    for device in devices:
        yield _device(system, device, version)
    exclusive = _parameter(system, "exclusive_caps")
    if "N" in exclusive[: len(devices)]:
        text = "exclusive_caps is off: Chrome, Zoom and Teams will not list the camera"
        yield Finding(CHECK, Level.FAIL, text, f"{RELOAD_LOOPBACK}\n{KEEP_LOOPBACK}", SinkError)


def _is_loopback(device: VideoDevice, system: System) -> bool:
    """Also where it may not be opened: loopbacks are the only virtual devices of this class."""
    if device.driver:
        return device.loopback
    entry = (system.root / f"sys/class/video4linux/video{device.index}").resolve()
    return "virtual" in entry.parts


def _device(system: System, device: VideoDevice, version: str) -> Finding:
    text = f"{device.path} ({device.name}), v4l2loopback {version}"
    if device.problem == "no permission":
        return Finding(CHECK, Level.FAIL, f"no permission to open {text}", JOIN_VIDEO_GROUP, SinkError)
    using = holders(device.path, system.root)
    if device.capture and not device.output and using:
        names = ", ".join(map(str, using))
        return Finding(
            CHECK, Level.WARN, f"{text}: a program writes to it (open in {names})", "Stop it before avatard up."
        )
    if not device.capture and not device.output:
        return Finding(CHECK, Level.OK, f"{text}: left without an output side by another program; avatard up frees it")
    return Finding(CHECK, Level.OK, text)


def _parameter(system: System, name: str) -> list[str]:
    """A module parameter's values, one for each possible device."""
    try:
        return (system.root / "sys/module/v4l2loopback/parameters" / name).read_text().strip().split(",")
    except OSError:
        return []


def _not_loaded(system: System) -> Finding:
    modules = system.root / "lib/modules" / system.kernel_release
    built = any(modules.glob("**/v4l2loopback.ko*"))
    if not built:
        source = any((system.root / "usr/src").glob("v4l2loopback-*"))
        if source:
            text = f"v4l2loopback is installed, but not built for this kernel ({system.kernel_release})"
            fix = f"sudo apt install linux-headers-{system.kernel_release}\nsudo dkms autoinstall\n{LOAD_LOOPBACK}"
        else:
            text, fix = "v4l2loopback is not installed", INSTALL_LOOPBACK
    elif _secure_boot(system):
        text = "v4l2loopback is not loaded; Secure Boot is on and takes only modules signed by a key it knows"
        fix = f"{LOAD_LOOPBACK}\nif that says “Key was rejected”:\nsudo mokutil --import {DKMS_KEY}   # then restart"
    else:
        text, fix = "v4l2loopback is installed, but not loaded", f"{LOAD_LOOPBACK}\n{KEEP_LOOPBACK}"
    return Finding(CHECK, Level.FAIL, text, fix, SinkError)


def _secure_boot(system: System) -> bool:
    try:
        return (system.root / SECURE_BOOT).read_bytes()[4:5] == b"\x01"
    except OSError:
        return False


def _pyvirtualcam(system: System) -> Finding:
    version = system.packages.get("pyvirtualcam")
    if version is None:
        fix = 'pip install "avatard[pyvirtualcam]"\nand install OBS Studio, which brings the camera'
        return Finding(CHECK, Level.FAIL, "pyvirtualcam is not installed", fix, SinkError)
    return Finding(CHECK, Level.OK, f"pyvirtualcam {version}; OBS Studio must be installed too")
