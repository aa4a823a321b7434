"""One bench: start-up, the plain path, the whole line, the plain path again, CPU time by stage."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from avatard.bench.child import Child
from avatard.bench.core_time import core_time
from avatard.bench.first_picture import start_up
from avatard.bench.machine import this_machine
from avatard.bench.plain import compare, plain_path
from avatard.bench.result import Load, Memory, Result, Setup, engine_and_provider
from avatard.bench.soak import soak
from avatard.bench.whole import measure
from avatard.capture import open_source
from avatard.parts import parts_of
from avatard.timing import STAGES

if TYPE_CHECKING:
    from avatard.avatar import Avatar
    from avatard.bench.budget import Budget
    from avatard.bench.core_time import CoreTime
    from avatard.bench.machine import Machine
    from avatard.bench.result import Plain, Start
    from avatard.bench.whole import Whole
    from avatard.bench.window import Moment
    from avatard.config import Config
    from avatard.parts import Parts

#: Before and after, the plain path runs for this share of the main measurement, within these seconds.
_PLAIN_SHARE, _PLAIN_LEAST_S, _PLAIN_MOST_S = 0.2, 1.0, 5.0
#: Three seconds of frames give a stage's CPU time to 1 or 2 %.
_CORE_FRAMES = 90


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure. config: with one sink. load: "" or "call". start: whether to measure the cold start too."""

    config: Config
    avatar: Avatar
    budget: Budget
    seconds: float
    load: str = ""
    soak: bool = False
    start: bool = True

    @property
    def setup(self) -> Setup:
        """As the result tells it. A path of ours in the temporary folder is nobody's business."""
        output = self.config.output
        return Setup(
            source=self.config.capture.source,
            sink=output.sinks[0].partition(":")[0],
            format=f"{output.width}x{output.height}@{output.fps:g}",
            avatar=self.avatar.name,
            load=self.load,
        )


@dataclass(frozen=True, slots=True)
class _Found:
    """Everything measured, before it is put in words."""

    machine: Machine
    start: Start | None
    whole: Whole
    plain: Plain
    core: CoreTime
    load: Load | None


def run(
    plan: Plan,
    tell: Callable[[str], None],
    each_poll: Callable[[Moment], None],
    open_parts: Callable[[Config], Parts] = parts_of,
) -> Result:
    """Measure. `tell` hears what is being done, `each_poll` each half second of the main measurement.

    Raises what a stage raises that cannot be opened or fails.
    """
    machine = this_machine()
    start = None
    if plan.start:
        tell("avatard up in a fresh process, to its first picture")
        start = start_up(plan.config)
    config, avatar, parts = plan.config, plan.avatar, open_parts(plan.config)
    plain_s = min(max(_PLAIN_LEAST_S, _PLAIN_SHARE * plan.seconds), _PLAIN_MOST_S)
    with ExitStack() as stack:
        call = stack.enter_context(Child("avatard.bench.call")) if plan.load else None
        tell("the plain path, before")
        before = plain_path(config, avatar, parts, plain_s)
        tell("the whole line" + (f", beside a {plan.load}" if plan.load else ""))
        whole = measure(config, avatar, parts, plan.seconds, each_poll)
        tell("the plain path, after")
        after = plain_path(config, avatar, parts, plain_s)
        tell("CPU time by stage")
        source = open_source(config.capture.source, config.capture, paced=False)
        core = core_time(config, avatar, parts, source, _CORE_FRAMES)
        load = Load(**call.stop()) if call else None
    return _result(plan, _Found(machine, start, whole, compare(whole, before, after), core, load))


def _result(plan: Plan, found: _Found) -> Result:
    whole, window = found.whole, found.whole.window
    rss_mb = [moment.rss_mb for moment in window.moments]
    engine, provider = engine_and_provider(found.core.engine)
    return Result(
        setup=plan.setup,
        engine=engine,
        provider=provider,
        machine=found.machine,
        seconds=window.seconds,
        frames=whole.pictures,
        fps=whole.pictures / window.seconds,
        age_at="reader" if whole.reader else "write",
        age_ms=whole.age,
        stages_ms={name: window.percentiles(name) for name in STAGES},
        core_ms=found.core.mean_ms,
        over_deadline=whole.over_deadline(plan.budget.deadlines_ms(plan.load)),
        cpu_ms_per_frame=whole.cpu_ms,
        memory=Memory(rss_mb[0], rss_mb[-1], max(rss_mb)),
        counters=window.counts(),
        budget=plan.budget,
        plain=found.plain,
        start=found.start,
        reader=whole.reader,
        load=found.load,
        soak=soak(window.moments) if plan.soak else None,
        age_series_ms=(whole.ages_ns / 1e6).tolist(),
    )
