"""What can run a network: the interface, and the two answers every implementation gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from avatard.runtime import Session
    from avatard.runtime.engine_folder import EngineFolder
    from avatard.runtime.plan_cache import PlanCache, PlanKey


class Provider(Protocol):
    """One way to run a network. Holds nothing; making one loads nothing."""

    name: str

    def check(self) -> str:
        """What would run it, for people: "ONNX Runtime 1.31.1". Loads the library, and nothing else.

        Raises EngineError that says why it cannot run here.
        """

    def open(self, model: EngineFolder, cache: PlanCache) -> Session:
        """A session, not yet entered. Call `check` first. Raises PlanMissingError when a plan must be built before."""


class PlanProvider(Provider, Protocol):
    """A provider that runs compiled plans."""

    def key(self, model: EngineFolder) -> PlanKey:
        """What the plan of `model` depends on, on this machine. Raises EngineError: no library, no GPU to ask."""

    def build(self, model: EngineFolder) -> bytes:
        """The plan: seconds to minutes, all cores. In a process of its own while frames flow. Raises EngineError."""
