"""Browsers in a sandbox: what keeps them from the virtual camera where others see it."""

from __future__ import annotations

from collections.abc import Iterator

from avatard.doctor.finding import Finding, Level
from avatard.doctor.system import System

CHECK = "browsers"
SNAPS = ("firefox", "chromium")
FLATPAKS = {
    "org.mozilla.firefox": "Firefox",
    "com.google.Chrome": "Chrome",
    "org.chromium.Chromium": "Chromium",
    "com.brave.Browser": "Brave",
    "com.microsoft.Edge": "Edge",
}
#: In about:config; on by default in Fedora and Flathub's Firefox alone.
FIREFOX_PIPEWIRE = "media.webrtc.camera.allow-pipewire"


def check_browsers(system: System) -> Iterator[Finding]:
    """Linux only: snaps without the camera, and what Firefox needs to see a PipeWire camera."""
    if system.platform != "linux":
        return
    for snap in SNAPS:
        if (system.root / "snap" / snap).exists() and _refused(system, snap):
            text = f"the snap of {snap} may not use cameras"
            yield Finding(CHECK, Level.WARN, text, f"sudo snap connect {snap}:camera")
    if system.wants("pipewire"):
        advice = f"Firefox lists PipeWire cameras where {FIREFOX_PIPEWIRE} is true in about:config."
        yield Finding(CHECK, Level.OK, "the avatar comes through PipeWire", advice=advice)


def flatpaks(system: System) -> list[str]:
    """Browsers that Flatpak has installed, for all users or this one."""
    home = system.env.get("HOME", "").lstrip("/")
    folders = [system.root / "var/lib/flatpak/app", system.root / home / ".local/share/flatpak/app"]
    return [name for app, name in FLATPAKS.items() if any((folder / app).exists() for folder in folders)]


def _refused(system: System, snap: str) -> bool:
    """Whether `snap connections` lists its camera plug without a slot: "camera  firefox:camera  -  -"."""
    for line in system.run("snap", "connections", snap).out.splitlines():
        columns = line.split()
        if columns[:2] == ["camera", f"{snap}:camera"]:
            return columns[2] == "-"
    return False
