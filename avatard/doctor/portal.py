"""The camera portal: how browsers in a sandbox, and Firefox where it is set so, ask for a camera."""

from __future__ import annotations

from collections.abc import Iterator

from avatard.doctor.browsers import flatpaks
from avatard.doctor.distribution import Wanted, install
from avatard.doctor.finding import Finding, Level
from avatard.doctor.system import System

CHECK = "camera portal"
SERVICE = "usr/share/dbus-1/services/org.freedesktop.portal.Desktop.service"
BACKENDS = "usr/share/xdg-desktop-portal/portals"
#: Asks the user; without a backend that has it the portal refuses every camera.
ACCESS = "org.freedesktop.impl.portal.Access"
#: What a refusal, once given, is taken back with.
FORGET = "flatpak permission-remove devices camera"


def check_camera_portal(system: System) -> Iterator[Finding]:
    """Linux only: xdg-desktop-portal, and a backend that can ask the user."""
    if system.platform != "linux":
        return
    sandboxed = flatpaks(system)
    whose = f", for {', '.join(sandboxed)}" if sandboxed else ""
    if not (system.root / SERVICE).exists():
        if not sandboxed and not system.wants("pipewire"):
            yield Finding(CHECK, Level.OK, "not installed; only browsers in a sandbox need it")
        else:
            yield Finding(CHECK, Level.WARN, f"not installed{whose}", install(system, Wanted.PORTAL))
        return
    backends = sorted(
        entry.stem for entry in (system.root / BACKENDS).glob("*.portal") if ACCESS in _interfaces(system, entry.name)
    )
    if not backends:
        text = f"there, but nothing that could ask you for the camera{whose}"
        yield Finding(CHECK, Level.WARN, text, install(system, Wanted.PORTAL), "Then log out and in again.")
        return
    advice = ""
    if sandboxed:
        advice = f"If the browser says that access was refused, take that back: {FORGET}"
    yield Finding(CHECK, Level.OK, f"there{whose}; {', '.join(backends)} can ask you for the camera", advice=advice)


def _interfaces(system: System, name: str) -> list[str]:
    """What a backend implements, by its .portal file."""
    for line in system.text(f"{BACKENDS}/{name}").splitlines():
        key, _, value = line.partition("=")
        if key.strip() == "Interfaces":
            return value.strip().split(";")
    return []
