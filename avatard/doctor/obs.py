"""The virtual cameras of Windows and macOS: OBS's, and UnityCapture's on Windows."""

from __future__ import annotations

from collections.abc import Iterator

from avatard.doctor.finding import Finding, Level
from avatard.doctor.system import System
from avatard.errors import SinkError
from avatard.output.pyvirtualcam import CAMERA_DRIVER, INSTALL

CHECK = "virtual camera"

#: DirectShow's numbers of the two cameras: what pyvirtualcam looks for. UnityCapture's is that of its first camera,
#: in the 64-bit registry.
WINDOWS = {
    "OBS Virtual Camera": r"HKCR\CLSID\{A3FCE0F5-3493-419F-958A-ABA1250EC20B}",
    "Unity Video Capture": r"HKCR\CLSID\{5C2CD55C-92AD-4999-8666-912BD3E70010}",
}
#: OBS's camera extension, as `systemextensionsctl list` names it, from macOS 13 on.
MAC_EXTENSION = "com.obsproject.obs-studio.mac-camera-extension"
#: Before, a plug-in; macOS 14 no longer loads these.
MAC_PLUGIN = "Library/CoreMediaIO/Plug-Ins/DAL/obs-mac-virtualcam.plugin"
#: Darwin's number of macOS 13.
EXTENSIONS_SINCE = 22


def check_obs(system: System) -> Iterator[Finding]:
    """pyvirtualcam, and a camera of another program that it can write to; nothing to say on Linux."""
    if system.platform == "linux" or not system.wants("virtualcam"):
        return
    version = system.packages.get("pyvirtualcam")
    if version is None:
        yield Finding(CHECK, Level.FAIL, "pyvirtualcam is not installed", INSTALL, error=SinkError)
        return
    found = _macos(system) if system.platform == "darwin" else _windows(system)
    if found:
        yield Finding(CHECK, Level.OK, f"{' and '.join(found)}, by pyvirtualcam {version}")
    else:
        text = f"pyvirtualcam {version} is there, but no camera for it"
        yield Finding(CHECK, Level.FAIL, text, advice=CAMERA_DRIVER.get(system.platform, ""), error=SinkError)


def _windows(system: System) -> list[str]:
    return [name for name, key in WINDOWS.items() if system.run("reg", "query", key).code == 0]


def _macos(system: System) -> list[str]:
    major = system.kernel_release.partition(".")[0]
    if major.isdigit() and int(major) < EXTENSIONS_SINCE:
        return ["OBS Virtual Camera"] if (system.root / MAC_PLUGIN).exists() else []
    listed = system.run("systemextensionsctl", "list").out.splitlines()
    active = any(MAC_EXTENSION in line and "[activated enabled]" in line for line in listed)
    return ["OBS Virtual Camera"] if active else []
