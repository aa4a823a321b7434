from __future__ import annotations

from pathlib import Path

import pytest

from avatard.doctor.distribution import Wanted, family, install, install_headers
from tests.doctor.machine import machine, write

APT = "sudo apt install v4l2loopback-dkms"


@pytest.mark.parametrize(
    ("os_release", "known", "loopback", "headers"),
    [
        (
            "ID=debian\n",
            "debian",
            APT,
            "sudo apt install linux-headers-6.1.0-13-amd64",
        ),
        ('# Mint\nID=linuxmint\nID_LIKE="ubuntu debian"', "ubuntu", APT, ""),
        ("ID=fedora", "fedora", "sudo dnf install akmod-v4l2loopback", "sudo dnf install kernel-devel-6.1.0-13-amd64"),
        ("ID=manjaro\nID_LIKE=arch", "arch", "sudo pacman -S v4l2loopback-dkms", "sudo pacman -S linux-headers"),
        (
            'ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"',
            "opensuse",
            "sudo zypper install v4l2loopback-kmp-default",
            "sudo zypper install kernel-default-devel",
        ),
        ("", "debian", APT, ""),
        ('ID="unclosed', "debian", APT, ""),
    ],
)
def test_lines_for_it(tmp_path: Path, os_release: str, known: str, loopback: str, headers: str) -> None:
    write(tmp_path, "etc/os-release", os_release)
    system = machine(tmp_path)

    assert family(system) == known
    assert install(system, Wanted.LOOPBACK) == loopback
    assert install_headers(system).startswith(headers)
