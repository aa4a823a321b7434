"""What could draw faster than the CPU."""

from __future__ import annotations

from collections.abc import Iterator

from avatard.doctor.finding import Finding, Level
from avatard.doctor.system import System


def check_provider(system: System) -> Iterator[Finding]:
    """The GPU, where there is one. The mesh engine needs none."""
    answer = system.run("nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader")
    if answer.code == 0 and answer.out:
        gpus = [line.split(",") for line in answer.out.splitlines()]
        text = "; ".join(f"{name.strip()}, driver {version.strip()}" for name, version in gpus)
        yield Finding("gpu", Level.OK, f"{text} (not used: the mesh engine runs on the CPU)")
    elif answer.code not in (0, 127):
        yield Finding(
            "gpu",
            Level.WARN,
            "an NVIDIA driver is installed but does not answer",
            "Restart after a driver update; `nvidia-smi` says more. avatard runs without it.",
        )
    else:
        yield Finding("gpu", Level.OK, "none found, none needed: the mesh engine runs on the CPU")
