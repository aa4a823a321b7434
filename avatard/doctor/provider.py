"""What runs the networks, and the GPU that could."""

from __future__ import annotations

from collections.abc import Iterator

from avatard.doctor.finding import Finding, Level
from avatard.doctor.system import System

#: Providers that use no GPU.
_ON_CPU = ("openvino", "cpu")


def check_provider(system: System) -> Iterator[Finding]:
    """The GPU, where there is one, and the provider that `auto` takes: the best that really loads."""
    answer = system.run("nvidia-smi", "--query-gpu=name,driver_version", "--format=csv,noheader")
    has_gpu = answer.code == 0 and bool(answer.out)
    if has_gpu:
        gpus = [line.split(",") for line in answer.out.splitlines()]
        yield Finding("gpu", Level.OK, "; ".join(f"{name.strip()}, driver {v.strip()}" for name, v in gpus))
    elif answer.code not in (0, 127):
        yield Finding(
            "gpu",
            Level.WARN,
            "an NVIDIA driver is installed but does not answer",
            "Restart after a driver update; `nvidia-smi` says more. avatard runs without it.",
        )
    else:
        yield Finding("gpu", Level.OK, "none found, none needed")
    yield _network(system, has_gpu)


def _network(system: System, has_gpu: bool) -> Finding:
    providers = system.providers()
    best = next((each for each in providers if not each.why_not), None)
    refused = [each for each in providers if each.why_not and each.provider not in _ON_CPU]
    if best is None:
        first = providers[-1]
        return Finding("network", Level.WARN, f"none runs, mesh draws without: {first.why_not}", first.fix)
    text = f"{best.provider}: {best.what}"
    if has_gpu and best.provider in _ON_CPU:
        reasons = "; ".join(f"{each.provider}: {each.why_not}" for each in refused)
        return Finding("network", Level.WARN, f"{text}, not the GPU ({reasons})", refused[0].fix)
    return Finding("network", Level.OK, text)
