"""What runs the network: not only installed, but loaded and run once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from avatard.doctor import gpu
from avatard.doctor.finding import Finding, Level
from avatard.doctor.system import System
from avatard.errors import EngineError
from avatard.nvidia_smi import QUERY
from avatard.runtime.plan_cache import PlanMissingError
from avatard.runtime.providers import Availability

CHECK = "network"
#: Providers that use no GPU.
ON_CPU = ("openvino", "cpu")


def check_network(system: System) -> Iterator[Finding]:
    """The provider that avatard would take, tried on the shipped network; and why not the GPU, where there is one."""
    reenact = system.config.reenact
    wanted = [each for each in system.providers() if reenact.provider in ("auto", each.provider)]
    runs = ""
    for each in wanted:
        if each.why_not:
            continue
        tried = _try(system, each)
        yield tried
        if tried.level is Level.OK:
            runs = each.provider
            break
    if not runs:
        reasons, fixes = _refusals(wanted)
        # A provider chosen by name has no successor: `up` says so and stops.
        bad = Level.FAIL if reenact.engine == "meshnet" and reenact.provider != "auto" else Level.WARN
        text = f"nothing runs it, mesh draws without: {reasons}" if reasons else "nothing runs it, mesh draws without"
        yield Finding(CHECK, bad, text, advice=fixes, error=EngineError)
    elif runs in ON_CPU and reenact.provider == "auto" and gpu.names(system.run(*QUERY)):
        reasons, fixes = _refusals([each for each in wanted if each.provider not in ON_CPU])
        yield Finding(CHECK, Level.WARN, f"not on the GPU: {reasons}", advice=fixes)


def _try(system: System, each: Availability) -> Finding:
    text = f"{each.provider}: {each.what}"
    try:
        ms = system.network_ms(each.provider)
    except PlanMissingError:
        return Finding(CHECK, Level.OK, f"{text}; its plan is compiled at the first use")
    except EngineError as e:
        return Finding(CHECK, Level.WARN, f"{text}, loads but does not run: {e.message}", advice=e.hint)
    engine = system.config.reenact.engine
    unused = "" if engine == "meshnet" else f"; the engine {engine} needs none"
    return Finding(CHECK, Level.OK, f"{text}, opened and run in {ms:.0f} ms{unused}")


def _refusals(providers: Sequence[Availability]) -> tuple[str, str]:
    """Why those do not load, and what would mend the best of them."""
    refused = [each for each in providers if each.why_not]
    reasons = "; ".join(f"{each.provider}: {each.why_not}" for each in refused)
    return reasons, refused[0].fix if refused else ""
