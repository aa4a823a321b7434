"""The names of the cameras where they have no paths: Windows and macOS. Asks the system; opens no camera."""

from __future__ import annotations

import json

from avatard.programs import Answer, Run

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


def camera_names(platform: str, run: Run) -> list[str] | None:
    """Cameras by name; None where they cannot be asked for. Their order is not that of OpenCV's numbers."""
    match platform:
        case "win32":
            answer = run(*WINDOWS)
            return None if answer.code else [line.strip() for line in answer.out.splitlines() if line.strip()]
        case "darwin":
            return _from_profiler(run(*MACOS))
    return None


def _from_profiler(answer: Answer) -> list[str] | None:
    if answer.code:
        return None
    try:
        return [str(camera["_name"]) for camera in json.loads(answer.out)["SPCameraDataType"]]
    except (ValueError, KeyError, TypeError):
        return None
