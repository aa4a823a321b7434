"""Which providers there are, best first, and whether they load here."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, cast

from avatard.errors import EngineError

if TYPE_CHECKING:
    from avatard.runtime.provider import PlanProvider, Provider

#: Name → module and class. Native TensorRT before ONNX Runtime's own provider for it, which silently falls back.
_PLACES: Final = MappingProxyType(
    {
        "tensorrt": ("avatard.runtime.tensorrt", "TensorRt"),
        "tensorrt-rtx": ("avatard.runtime.tensorrt_rtx", "TensorRtRtx"),
        "cuda": ("avatard.runtime.onnx_cuda", "OnnxCuda"),
        "openvino": ("avatard.runtime.openvino", "OpenVino"),
        "cpu": ("avatard.runtime.onnx_cpu", "OnnxCpu"),
    }
)
#: What `auto` tries, in this order; the last one always loads.
ORDER: Final = tuple(_PLACES)
#: Those that run compiled plans.
PLANNED: Final = ("tensorrt", "tensorrt-rtx")


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether a provider loads here. what: library, version and GPU; why_not, fix: "" when it loads."""

    provider: str
    what: str = ""
    why_not: str = ""
    fix: str = ""


def get_provider(name: str) -> Provider:
    """The provider of that name of `ORDER`. Raises EngineError."""
    if name not in _PLACES:
        raise EngineError(f"no provider is called {name!r}", f"There are: auto, {', '.join(ORDER)}.")
    module, attribute = _PLACES[name]
    provider: Provider = getattr(importlib.import_module(module), attribute)()
    return provider


def get_plan_provider(name: str) -> PlanProvider:
    """The provider of that name of `PLANNED`. Raises EngineError."""
    provider = get_provider(name)
    if name not in PLANNED:
        raise EngineError(f"{name} needs no plans", f"Plans are built for {' and '.join(PLANNED)}.")
    return cast("PlanProvider", provider)


def look(name: str) -> Availability:
    """Load the provider's library and say what it is; some hundred milliseconds each."""
    try:
        return Availability(name, what=get_provider(name).check())
    except EngineError as e:
        return Availability(name, why_not=e.message, fix=e.hint)
