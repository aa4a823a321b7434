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
NOT_NEEDED = "; only browsers in a sandbox need it"
#: What a refusal, once given, is taken back with.
FORGET = "flatpak permission-remove devices camera"


def check_camera_portal(system: System) -> Iterator[Finding]:
    """Linux only: xdg-desktop-portal, and a backend that can ask the user."""
    if system.platform != "linux":
        return
    sandboxed = flatpaks(system)
    needed = [*sandboxed, *(["cameras in PipeWire"] if system.wants("pipewire") else [])]
    bad = Level.WARN if needed else Level.OK
    whose = f", for {' and '.join(needed)}" if needed else ""
    if not (system.root / SERVICE).exists():
        fix = install(system, Wanted.PORTAL) if needed else ""
        yield Finding(CHECK, bad, f"not installed{whose or NOT_NEEDED}", fix)
        return
    backends = sorted(
        entry.stem for entry in (system.root / BACKENDS).glob("*.portal") if ACCESS in _interfaces(system, entry.name)
    )
    if not backends:
        text = f"there, but nothing that could ask you for the camera{whose or NOT_NEEDED}"
        fix, advice = (install(system, Wanted.PORTAL), "Then log out and in again.") if needed else ("", "")
        yield Finding(CHECK, bad, text, fix, advice)
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
