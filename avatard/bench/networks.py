"""What a run of a network costs, provider by provider, side by side in one process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from typing import Any, Final

from avatard.bench.core_time import CoreTimer
from avatard.bench.machine import Machine
from avatard.errors import EngineError
from avatard.runtime import Session
from avatard.runtime.engine_folder import EngineFolder
from avatard.runtime.parity import open_ready, random_feeds
from avatard.runtime.plan_cache import PlanCache
from avatard.runtime.providers import look
from avatard.timing import Pacer, Percentiles, StageTimer

SCHEMA: Final = 1
#: Runs of one provider before it is the next one's turn: what the machine does beside hits all alike.
_TURN: Final = 30
_WARM_UP: Final = 10


@dataclass(frozen=True, slots=True)
class Cost:
    """wall_ms: a run with its copies, as the engine waits for it. core_ms: CPU time of the process a run, mean.

    what: library and device. why_not: why there are no figures; "" when there are.
    """

    provider: str
    what: str
    why_not: str
    wall_ms: Percentiles
    core_ms: float


@dataclass(frozen=True, slots=True)
class NetworkBench:
    """One bench. fps: how often a second it was run; 0 for one run after the other."""

    engine: str
    sha256: str
    machine: Machine
    runs: int
    fps: float
    costs: tuple[Cost, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values; keys stay what they are within a schema."""
        return {"schema": SCHEMA, **asdict(self)}


class _Entry:
    """A provider while it is measured. core: one sample a turn."""

    def __init__(self, provider: str) -> None:
        found = look(provider)
        self.provider, self.what, self.why_not = provider, found.what, found.why_not
        self.session: Session | None = None
        self.wall, self.core = StageTimer(), CoreTimer()

    def turn(self, model: EngineFolder, runs: int, fps: float) -> None:
        """Some runs, each with other inputs than the one before."""
        assert self.session is not None
        feeds = [random_feeds(model, seed) for seed in (1, 2)]
        pacer = Pacer(fps) if fps else None
        # Around the turn: threads that spin between two runs belong to them.
        with self.core.measure():
            for number in range(runs):
                if pacer is not None:
                    pacer.wait()
                with self.wall.measure():
                    self.session.run(feeds[number % 2])

    def cost(self) -> Cost:
        core_ms = float(self.core.samples_ns().sum()) / 1e6 / max(1, self.wall.count)
        return Cost(self.provider, self.what, self.why_not, self.wall.percentiles(), core_ms)


def measure(
    model: EngineFolder,
    providers: tuple[str, ...],
    cache: PlanCache,
    machine: Machine,
    runs: int,
    fps: float,
    tell: Callable[[str], None] = lambda what: None,
) -> NetworkBench:
    """Run `model` `runs` times on each of `providers` that loads, in turns. tell: told what is being done.

    A provider that does not load or fails is in the result with its reason.
    """
    entries = []
    with ExitStack() as stack:
        for name in providers:
            tell(f"opening {name}")
            entries.append(entry := _Entry(name))
            if not entry.why_not:
                with _failing(entry):
                    entry.session = stack.enter_context(open_ready(model, name, cache))
                    entry.turn(model, _WARM_UP, 0.0)
                    entry.wall, entry.core = StageTimer(), CoreTimer()
        for done in range(0, runs, _TURN):
            for entry in entries:
                if entry.session is not None:
                    tell(f"{entry.provider}, {done} of {runs} runs")
                    with _failing(entry):
                        entry.turn(model, min(_TURN, runs - done), fps)
    return NetworkBench(model.name, model.sha256, machine, runs, fps, tuple(entry.cost() for entry in entries))


@contextmanager
def _failing(entry: _Entry) -> Iterator[None]:
    """A provider that fails is out, with its reason; the others go on."""
    try:
        yield
    except EngineError as e:
        entry.session, entry.why_not = None, e.message
