"""The NVIDIA GPU and its driver. None is needed."""

from __future__ import annotations

from collections.abc import Iterator

from avatard.doctor.distribution import family
from avatard.doctor.finding import Finding, Level
from avatard.doctor.system import System
from avatard.nvidia_smi import QUERY, gpus
from avatard.programs import Answer

CHECK = "gpu"
NVIDIA = "0x10de"
#: PCI's class of display controllers: 0x0300 VGA, 0x0302 3D.
DISPLAY = "0x03"
#: The line that installs the driver, where a distribution has it in its own repositories.
DRIVERS = {"ubuntu": "sudo ubuntu-drivers install", "debian": "sudo apt install nvidia-driver"}


def check_gpu(system: System) -> Iterator[Finding]:
    """What NVIDIA's driver says; else whether there is a card without one."""
    answer = system.run(*QUERY)
    if there := names(answer):
        yield Finding(CHECK, Level.OK, "; ".join(there))
    elif answer.code == 124:
        yield _silent("NVIDIA's driver did not answer within two seconds")
    elif answer.code != 127:
        yield _silent("NVIDIA's driver is installed, but does not answer")
    elif _card(system):
        fix = DRIVERS.get(family(system), "")
        advice = "avatard runs without; the engine meshnet is faster with NVIDIA's driver"
        advice += ", in Debian from non-free." if family(system) == "debian" else "."
        yield Finding(CHECK, Level.WARN, "an NVIDIA GPU, but not its driver", fix, advice)
    else:
        yield Finding(CHECK, Level.OK, "no NVIDIA GPU, and none needed")


def names(answer: Answer) -> list[str]:
    """The GPUs that nvidia-smi listed: "NVIDIA GeForce RTX 4090, driver 580.95"."""
    return [] if answer.code else [f"{name}, driver {version}" for name, version in gpus(answer.out)]


def _silent(text: str) -> Finding:
    advice = "After an update of the driver, restart: the old half still runs in the kernel. avatard runs without it."
    return Finding(CHECK, Level.WARN, text, "nvidia-smi   # says more", advice)


def _card(system: System) -> bool:
    """Whether the PCI bus has an NVIDIA display controller; Linux alone lists it as files."""
    for device in (system.root / "sys/bus/pci/devices").glob("*"):
        folder = f"sys/bus/pci/devices/{device.name}"
        if system.text(f"{folder}/vendor") == NVIDIA and system.text(f"{folder}/class").startswith(DISPLAY):
            return True
    return False
