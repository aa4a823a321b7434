"""What a figure was measured on: without it a figure says nothing."""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import psutil

#: Whose version can change a figure.
_PACKAGES = (
    "avatard",
    "numpy",
    "opencv-contrib-python",
    "mediapipe",
    "av",
    "onnxruntime",
    "onnxruntime-gpu",
    "openvino",
)


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine and its software. `load_average`: 1, 5 and 15 minutes, when it was asked (before the bench)."""

    cpu: str
    cores: int
    memory_mb: int
    system: str
    kernel: str
    python: str
    versions: dict[str, str]
    load_average: tuple[float, float, float]


def this_machine() -> Machine:
    """Describe the machine this process runs on. `cores` are those this process may use."""
    return Machine(
        cpu=_cpu_model(),
        cores=_cores(),
        memory_mb=psutil.virtual_memory().total // 10**6,
        system=platform.system(),
        kernel=platform.release(),
        python=platform.python_version(),
        versions={name: version for name in _PACKAGES if (version := _version(name))},
        load_average=psutil.getloadavg(),
    )


def _cores() -> int:
    if sys.platform == "darwin":  # no process is bound to cores there
        return os.cpu_count() or 1
    return len(psutil.Process().cpu_affinity())


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _cpu_model(cpuinfo: Path = Path("/proc/cpuinfo")) -> str:
    """The name on the box; virtual machines often give the family alone."""
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines():
            key, _, value = line.partition(":")
            if key.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()
