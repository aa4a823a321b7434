"""The names of the cameras where they have no paths: Windows and macOS. Asks the system; opens no camera."""

from __future__ import annotations

import json
from collections.abc import Callable

#: Webcams are "Camera"; those of before Windows 10 1809 and some drivers are "Image", as scanners are.
WINDOWS = (
    "powershell",
    "-NoProfile",
    "-NonInteractive",
    "-Command",
    "Get-PnpDevice -PresentOnly -Class Camera,Image -ErrorAction SilentlyContinue"
    " | Select-Object -ExpandProperty FriendlyName",
)
MACOS = ("system_profiler", "-json", "SPCameraDataType")


def camera_names(platform: str, ask: Callable[..., str | None]) -> list[str] | None:
    """Cameras by name; None where they cannot be asked for. Their order is not that of OpenCV's numbers.

    ask: runs a program and gives what it printed, None when it failed.
    """
    match platform:
        case "win32":
            said = ask(*WINDOWS)
            return None if said is None else [line.strip() for line in said.splitlines() if line.strip()]
        case "darwin":
            return _from_profiler(ask(*MACOS))
    return None


def _from_profiler(said: str | None) -> list[str] | None:
    try:
        return [str(camera["_name"]) for camera in json.loads(said or "")["SPCameraDataType"]]
    except (ValueError, KeyError, TypeError):
        return None
