"""End to end: each route of this machine, alone and beside a load; the age of every picture, and motion to output."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from avatard.bench import cue, motion_to_output, sightings
from avatard.bench.child import Child
from avatard.bench.leg import EndToEnd, Leg, NotRun
from avatard.bench.machine import this_machine
from avatard.bench.result import Load, Setup, engine_and_provider
from avatard.bench.routes import why_not
from avatard.bench.stamped import Stamped
from avatard.bench.whole import look
from avatard.errors import AvatardError
from avatard.frame import Stamp
from avatard.parts import parts_of
from avatard.timing import Percentiles

if TYPE_CHECKING:
    from avatard.avatar import Avatar
    from avatard.bench.budget import Budget
    from avatard.bench.motion_to_output import Motion
    from avatard.bench.notebook import Box
    from avatard.bench.routes import Route
    from avatard.bench.window import Moment
    from avatard.config import Config
    from avatard.parts import Parts
    from avatard.reenact import Engine


@dataclass(frozen=True, slots=True)
class EndToEndPlan:
    """What to measure. config: its sinks are not used, but a device named in `device`: "virtualcam:/dev/video9".

    loads: "" for alone. seconds: of each measurement; a leg has two, of the age and, with the performer, of motion.
    """

    config: Config
    avatar: Avatar
    budget: Budget
    seconds: float
    routes: tuple[Route, ...]
    loads: tuple[str, ...] = ("",)
    device: str = ""

    @property
    def setup(self) -> Setup:
        """As the result tells it. A path of the user's is nobody's business."""
        output = self.config.output
        return Setup(
            source=self.config.capture.source.partition(":")[0],
            sink="",
            format=f"{output.width}x{output.height}@{output.fps:g}",
            avatar=self.avatar.name,
            load="",
        )


class _Bench:
    """A run in progress. tell: hears what is being done; each_poll: each half second of a measurement."""

    def __init__(
        self, plan: EndToEndPlan, folder: Path, tell: Callable[[str], None], each_poll: Callable[[Moment], None]
    ) -> None:
        self._plan = plan
        self._folder = folder
        self._tell = tell
        self._each_poll = each_poll
        self.engine = ""
        self.legs: list[Leg] = []

    @cached_property
    def _mouth(self) -> Box | None:
        """Where the mouth is to be looked at; None where nobody opens it at a known time."""
        output = self._plan.config.output
        if self._plan.config.capture.source != "performer":
            return None
        return motion_to_output.mouth_box(self._plan.avatar, output.width, output.height)

    @cached_property
    def _clip(self) -> Path:
        clip = self._folder / "cue.mp4"
        cue.write_clip(clip)
        return clip

    def walk(self, route: Route) -> str:
        """A leg for each load; why it ended early, "" when it did not."""
        for load in self._plan.loads:
            beside = f"beside a {load}: " if load else ""
            try:
                self.legs.append(self._leg(route, load))
            except AvatardError as e:
                return f"{beside}{e.message}"
        return ""

    def _leg(self, route: Route, load: str) -> Leg:
        beside = f", beside a {load}" if load else ""
        config = self._config(route)
        with ExitStack() as stack:
            call = stack.enter_context(Child("avatard.bench.call")) if load else None
            self._tell(f"{route.name}{beside}: age")
            parts = parts_of(config)
            source = Stamped(parts.source())
            parts = replace(self._named(parts), source=lambda: source)
            window, seen = look(route, config, self._plan.avatar, parts, self._plan.seconds, self._each_poll)
            motion = None
            if self._mouth is not None:
                self._tell(f"{route.name}{beside}: motion to output")
                motion = self._motion(route, config, self._mouth)
            load_found = Load(**call.stop()) if call else None
        counts = window.counts()
        return Leg(
            route=route.name,
            load=load,
            includes=route.includes(source.stamp or Stamp.READ),
            reader_is=seen.facts,
            seconds=window.seconds,
            age_ms=Percentiles.of_ns(sightings.ages_ns(seen.sightings)),
            clock_ms=seen.clock_ms,
            seen=sightings.report(seen.sightings, config.output.fps),
            motion=motion,
            cpu_ms_per_frame=1e3 * window.cpu_s / max(1, counts["delivered"]),
            counters=counts,
            beside=load_found,
        )

    def _motion(self, route: Route, config: Config, mouth: Box) -> Motion | None:
        performer = cue.CuedPerformer(self._clip)
        parts = replace(parts_of(config), source=lambda: performer)
        window, seen = look(route, config, self._plan.avatar, parts, self._plan.seconds, self._each_poll, mouth)
        return motion_to_output.measure(seen, performer.started_ns, window.end_ns)

    def _config(self, route: Route) -> Config:
        config = self._plan.config
        named = self._plan.device
        spec = named if named.partition(":")[0] == route.sink and ":" in named else route.spec(self._folder)
        return replace(config, output=replace(config.output, sinks=(spec,)))

    def _named(self, parts: Parts) -> Parts:
        """The same parts; the name of the engine that is opened is kept."""

        def engine(avatar: Avatar) -> Engine:
            opened = parts.engine(avatar)
            self.engine = opened.name
            return opened

        return replace(parts, engine=engine)


def run(plan: EndToEndPlan, tell: Callable[[str], None], each_poll: Callable[[Moment], None]) -> EndToEnd:
    """Measure every route of the plan that this machine has; what fails on one does not end the others."""
    machine = this_machine()
    with tempfile.TemporaryDirectory(prefix="avatard-bench-") as name:
        bench = _Bench(plan, Path(name), tell, each_poll)
        outcome = {route.name: why_not(route) or bench.walk(route) for route in plan.routes}
    engine, provider = engine_and_provider(bench.engine)
    return EndToEnd(
        setup=plan.setup,
        engine=engine or plan.config.reenact.engine,
        provider=provider,
        machine=machine,
        budget=plan.budget,
        legs=tuple(bench.legs),
        not_run=tuple(NotRun(route, why) for route, why in outcome.items() if why),
    )
