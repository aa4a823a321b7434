"""What things are called in this machine's package manager, so that a line to paste is the right one."""

from __future__ import annotations

from enum import Enum

from avatard.doctor.system import System
from avatard.os_release import os_release


class Wanted(Enum):
    """What a fix may have to install; the value is Debian's and Ubuntu's name."""

    LOOPBACK = "v4l2loopback-dkms"
    OPENCV_LIBRARIES = "libgl1 libglib2.0-0"
    PIPEWIRE = "pipewire wireplumber"
    PULSE_LIBRARY = "libpulse0"
    SOUND_SERVER = "pipewire-pulse wireplumber"
    PORTAL = "xdg-desktop-portal xdg-desktop-portal-gtk"


_FEDORA = {
    Wanted.LOOPBACK: "akmod-v4l2loopback",
    Wanted.OPENCV_LIBRARIES: "mesa-libGL glib2",
    Wanted.PULSE_LIBRARY: "pulseaudio-libs",
    Wanted.SOUND_SERVER: "pipewire-pulseaudio wireplumber",
}
_ARCH = {Wanted.OPENCV_LIBRARIES: "libglvnd glib2", Wanted.PULSE_LIBRARY: "libpulse"}
_SUSE = {
    Wanted.LOOPBACK: "v4l2loopback-kmp-default",
    Wanted.OPENCV_LIBRARIES: "Mesa-libGL1 libglib-2_0-0",
    Wanted.SOUND_SERVER: "pipewire-pulseaudio wireplumber",
}

#: Family as /etc/os-release has it in ID or ID_LIKE → the command, and what is called otherwise than in Debian.
_FAMILIES: dict[str, tuple[str, dict[Wanted, str]]] = {
    "debian": ("sudo apt install", {}),
    "ubuntu": ("sudo apt install", {}),
    "fedora": ("sudo dnf install", _FEDORA),
    "rhel": ("sudo dnf install", _FEDORA),
    "arch": ("sudo pacman -S", _ARCH),
    "suse": ("sudo zypper install", _SUSE),
    "opensuse": ("sudo zypper install", _SUSE),
}


def install(system: System, what: Wanted) -> str:
    """The line that installs it here; Debian's where the family is not known."""
    command, names = _FAMILIES[family(system)]
    return f"{command} {names.get(what, what.value)}"


def hint(system: System, what: Wanted) -> str:
    """What to know besides the line of `install`; mostly nothing."""
    if what is Wanted.LOOPBACK and family(system) in ("fedora", "rhel"):
        return "It is in RPM Fusion (rpmfusion.org), free; switch that on before."
    return ""


def install_headers(system: System) -> str:
    """The line that installs what modules for the running kernel are built with."""
    release = system.kernel_release
    match family(system):
        case "fedora" | "rhel":
            return f"sudo dnf install kernel-devel-{release}"
        case "arch":
            return "sudo pacman -S linux-headers"
        case "suse" | "opensuse":
            return "sudo zypper install kernel-default-devel"
    return f"sudo apt install linux-headers-{release}"


def family(system: System) -> str:
    """The nearest of the families known here: "debian" for Debian, Mint …; "ubuntu" for Ubuntu and its likes."""
    release = os_release(system.root)
    for name in (release.get("ID", ""), *release.get("ID_LIKE", "").split()):
        if name in _FAMILIES:
            return name
        if name.startswith("opensuse"):
            return "opensuse"
    return "debian"
