"""Whether a provider computes what ONNX Runtime computes on the CPU in fp32."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from avatard.runtime import Array, Session
from avatard.runtime.engine_folder import EngineFolder
from avatard.runtime.plan_build import PlanBuild
from avatard.runtime.plan_cache import PlanCache, PlanMissingError
from avatard.runtime.providers import ORDER, get_provider

#: The provider that the others are held against.
REFERENCE = ORDER[-1]
#: Feeds of these seeds are compared, one after the other in one session.
SEEDS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Parity:
    """difference: output → greatest absolute difference to the reference. excess: outputs beyond the tolerance.

    frozen: outputs that are the same for different feeds, as of a graph that replays its first run for ever.
    """

    provider: str
    difference: dict[str, float]
    excess: tuple[str, ...]
    frozen: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether the provider may be used."""
        return not self.excess and not self.frozen


def open_ready(model: EngineFolder, provider: str, cache: PlanCache) -> Session:
    """A session of that very provider, not yet entered; where it needs a plan, one is built first, and waited for.

    Raises EngineError.
    """
    chosen = get_provider(provider)
    chosen.check()
    try:
        return chosen.open(model, cache)
    except PlanMissingError:
        with PlanBuild(model, provider, cache) as build:
            build.wait()
        return chosen.open(model, cache)


def random_feeds(model: EngineFolder, seed: int) -> dict[str, Array]:
    """Every input of `model`, uniform in 0..1."""
    random = np.random.default_rng(seed)
    return {t.name: random.uniform(0, 1, t.shape).astype(t.dtype) for t in model.inputs}


def compare(model: EngineFolder, provider: str, cache: PlanCache) -> Parity:
    """Hold `provider` against the reference. Raises EngineError when one of them does not run."""
    expected, found = _outputs(model, REFERENCE, cache), _outputs(model, provider, cache)
    difference = {
        tensor.name: max(_distance(a[tensor.name], b[tensor.name]) for a, b in zip(expected, found, strict=True))
        for tensor in model.outputs
    }
    return Parity(
        provider,
        difference,
        # Not "greater than": a NaN is no parity.
        excess=tuple(name for name, value in difference.items() if not value <= model.tolerance[name]),
        frozen=tuple(name for name in difference if np.array_equal(found[0][name], found[1][name])),
    )


def _distance(a: Array, b: Array) -> float:
    return float(np.abs(a.astype(np.float64) - b).max())


def _outputs(model: EngineFolder, provider: str, cache: PlanCache) -> list[Mapping[str, Array]]:
    with open_ready(model, provider, cache) as session:
        return [
            {name: array.copy() for name, array in session.run(random_feeds(model, seed)).items()} for seed in SEEDS
        ]
