"""Secure Boot: whether the kernel takes a module that was built on this machine."""

from __future__ import annotations

from avatard.doctor.system import System

#: Firmware variable, by its specification's GUID: four bytes of attributes, then 1 when Secure Boot is on.
SECURE_BOOT = "sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
#: The key that DKMS signs what it builds with: Ubuntu's place, then Debian's and everybody else's.
KEYS = ("var/lib/shim-signed/mok/MOK.der", "var/lib/dkms/mok.pub")


def is_on(system: System) -> bool:
    """Whether the firmware says so; False without UEFI."""
    try:
        return (system.root / SECURE_BOOT).read_bytes()[4:5] == b"\x01"
    except OSError:
        return False


def enroll(system: System) -> str:
    """The line that makes the kernel trust DKMS's key; "" when it does already."""
    key = next((f"/{key}" for key in KEYS if (system.root / key).exists()), f"/{KEYS[-1]}")
    if "already enrolled" in system.run("mokutil", "--test-key", key).out:
        return ""
    return f"sudo mokutil --import {key}"
