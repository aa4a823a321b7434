"""What the checks ask this machine, where reading a file is not enough."""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from avatard.errors import SinkError
from avatard.runtime.providers import Availability


def installed() -> dict[str, str]:
    """The installed Python packages: name in lower case → version."""
    return {
        name.lower().replace("_", "-"): distribution.version
        for distribution in importlib.metadata.distributions()
        if (name := distribution.metadata["Name"])
    }


def import_problem(module: str) -> str:
    """Why `module` cannot be imported; "" when it can."""
    try:
        importlib.import_module(module)
    except (ImportError, OSError, AttributeError, RuntimeError) as e:  # what broken wheels raise
        return str(e) or type(e).__name__
    return ""


def package_folder(package: str) -> Path | None:
    """Where an installed package lies, found without importing it."""
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return None
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def stage_times() -> dict[str, float]:
    """Milliseconds a picture by stage, measured now (about two seconds)."""
    from avatard.doctor.probe import stage_times as measure

    return measure()


def providers() -> Sequence[Availability]:
    """What could run a network, best first, and why not; about half a second."""
    from avatard.runtime.providers import ORDER, look

    return [look(name) for name in ORDER]


def network_ms(provider: str) -> float:
    """Milliseconds in which `provider` opens the shipped network and runs it once: that its library loads is not yet
    that it works. Raises EngineError; PlanMissingError where it must be compiled first."""
    from avatard.runtime.engine_folder import find_engine
    from avatard.runtime.plan_cache import PlanCache
    from avatard.runtime.providers import get_provider

    started = time.perf_counter()
    with get_provider(provider).open(find_engine("meshnet"), PlanCache()):
        return (time.perf_counter() - started) * 1000


def pipewire_problem() -> str:
    """Why PipeWire's library cannot be used; "" when it can."""
    from avatard.output.pipewire_library import library

    try:
        library()
    except SinkError as e:
        return e.message
    return ""


def load() -> float:
    """Programs that want a core just now, averaged over a minute; 0 where the system does not say."""
    if sys.platform == "win32":
        return 0.0
    try:
        return os.getloadavg()[0]
    except OSError:
        return 0.0


def groups() -> frozenset[int]:
    """Numbers of the groups this process is in; none on Windows."""
    if sys.platform == "win32":
        return frozenset()
    return frozenset(os.getgroups())
