"""One bench: start-up, the plain path, the whole line, the plain path again, CPU time by stage."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from avatard.bench import sightings, trend
from avatard.bench.blind import Blind
from avatard.bench.child import Child
from avatard.bench.core_time import core_time
from avatard.bench.first_picture import start_up
from avatard.bench.live import watch
from avatard.bench.machine import this_machine
from avatard.bench.result import Load, Memory, Plain, Reader, Result, Setup, Soak
from avatard.capture import open_source
from avatard.parts import parts_of, ready_engine
from avatard.sealed import VideoFormat
from avatard.timing import STAGES, Percentiles

if TYPE_CHECKING:
    from avatard.avatar import Avatar
    from avatard.bench.budget import Budget
    from avatard.bench.window import Moment, Window
    from avatard.capture import Source
    from avatard.config import Config
    from avatard.parts import Parts

#: Before and after, the plain path runs for this share of the main measurement, within these seconds.
_PLAIN_SHARE, _PLAIN_LEAST_S, _PLAIN_MOST_S = 0.2, 1.0, 5.0
#: Three seconds of frames give a stage's CPU time to 1 or 2 %.
_CORE_FRAMES = 90


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure.

    config: with one sink; of a y4m ring the age is taken by a reader, of any other at the write's return.
    start: whether to measure the cold start too. load: "" or "call".
    """

    config: Config
    avatar: Avatar
    budget: Budget
    seconds: float
    load: str = ""
    soak: bool = False
    start: bool = True

    @property
    def format(self) -> str:
        """Of the pictures: "1280x720@30"."""
        output = self.config.output
        return f"{output.width}x{output.height}@{output.fps:g}"

    @property
    def ring(self) -> str:
        """The path of the y4m ring that is the sink, "" for another sink."""
        kind, _, path = self.config.output.sinks[0].partition(":")
        return path if kind == "y4m-ring" else ""


@dataclass(frozen=True, slots=True)
class _Whole:
    """The main measurement: what happened, the age of each picture, and what a reader saw if there was one."""

    window: Window
    ages_ns: npt.NDArray[np.int64]
    reader: Reader | None

    @property
    def cpu_ms_per_frame(self) -> float:
        return 1e3 * self.window.cpu_s / max(1, self.window.counts()["delivered"])

    def over_deadline(self, deadlines_ms: dict[str, float]) -> dict[str, float]:
        over = {name: self.window.over(name, limit) for name, limit in deadlines_ms.items() if name in STAGES}
        if "age" in deadlines_ms and self.ages_ns.size:
            over["age"] = float((self.ages_ns > deadlines_ms["age"] * 1e6).mean())
        return over


def run(plan: Plan, tell: Callable[[str], None], each_poll: Callable[[Moment], None]) -> Result:
    """Measure. `tell` hears what is being done, `each_poll` each half second of the main measurement.

    Raises what a stage raises that cannot be opened or fails.
    """
    machine = this_machine()
    start = None
    if plan.start:
        tell("avatard up in a fresh process, to its first picture")
        start = start_up(plan.config)
    parts = parts_of(plan.config)
    with ExitStack() as stack:
        call = stack.enter_context(Child("avatard.bench.call")) if plan.load else None
        tell("the plain path, before")
        before = _plain(plan, parts)
        tell("the whole line" + (f", beside a {plan.load}" if plan.load else ""))
        whole = _whole(plan, parts, each_poll)
        tell("the plain path, after")
        after = _plain(plan, parts)
        tell("CPU time by stage")
        core = core_time(plan.config, plan.avatar, parts, _unpaced(plan.config), _CORE_FRAMES)
        load = Load(**call.stop()) if call else None
    window, age = whole.window, Percentiles.of_ns(whole.ages_ns)
    pictures = whole.reader.pictures if whole.reader else window.counts()["delivered"]
    engine, _, provider = core.engine.partition(" (")
    rss_mb = [moment.rss_mb for moment in window.moments]
    return Result(
        setup=Setup(plan.config.capture.source, plan.config.output.sinks[0], plan.format, plan.avatar.name, plan.load),
        engine=engine,
        provider=provider.rstrip(")") or "cpu",
        machine=machine,
        seconds=window.seconds,
        frames=pictures,
        fps=pictures / window.seconds,
        age_at="reader" if whole.reader else "write",
        age_ms=age,
        stages_ms={name: window.percentiles(name) for name in STAGES},
        core_ms=core.mean_ms,
        over_deadline=whole.over_deadline(plan.budget.deadlines_ms(plan.load)),
        cpu_ms_per_frame=whole.cpu_ms_per_frame,
        memory=Memory(rss_mb[0], rss_mb[-1], max(rss_mb)),
        counters=window.counts(),
        budget=plan.budget,
        plain=_compare(before, after, whole.cpu_ms_per_frame, age),
        start=start,
        reader=whole.reader,
        load=load,
        soak=_soak(window) if plan.soak else None,
        age_series_ms=(whole.ages_ns / 1e6).tolist(),
    )


def _whole(plan: Plan, parts: Parts, each_poll: Callable[[Moment], None]) -> _Whole:
    if not plan.ring:
        window = watch(plan.config, plan.avatar, parts, plan.seconds, each_poll)
        return _Whole(window, window.samples_ns("age"), None)
    config = replace(plan.config, seal=replace(plan.config.seal, barcode=True))
    Path(plan.ring).unlink(missing_ok=True)  # the reader must not look into a former run's file
    with Child("avatard.bench.ring_reader", plan.ring) as reader:
        window = watch(config, plan.avatar, parts, plan.seconds, each_poll)
        seen = np.asarray(reader.stop(), np.int64).reshape(-1, 3)
    seen = sightings.between(seen, window.start_ns, window.end_ns)
    return _Whole(window, sightings.ages_ns(seen), sightings.report(seen, plan.config.output.fps))


def _plain(plan: Plan, parts: Parts) -> _Whole:
    """The same threads, source and size into the null sink; nobody looks for a face, the portrait stands still."""
    config = replace(
        plan.config,
        reenact=replace(plan.config.reenact, engine="still"),
        output=replace(plan.config.output, sinks=("null",)),
    )
    output = config.output
    format = VideoFormat(output.width, output.height, output.fps)  # noqa: A001 (the field's own name)
    plain = replace(
        parts,
        tracker=Blind,
        engine=lambda avatar: ready_engine(config, format, avatar),
        sink=parts_of(config).sink,
    )
    seconds = min(max(_PLAIN_LEAST_S, _PLAIN_SHARE * plan.seconds), _PLAIN_MOST_S)
    window = watch(config, plan.avatar, plain, seconds, lambda moment: None)
    return _Whole(window, window.samples_ns("age"), None)


def _compare(before: _Whole, after: _Whole, cpu_ms: float, age: Percentiles) -> Plain:
    """The whole line against both halves of the plain path."""
    plain_age = Percentiles.of_ns(np.concatenate([before.ages_ns, after.ages_ns]))
    delivered = [half.window.counts()["delivered"] for half in (before, after)]
    plain_cpu_ms = 1e3 * (before.window.cpu_s + after.window.cpu_s) / max(1, sum(delivered))
    return Plain(
        frames=sum(delivered),
        age_ms=plain_age,
        cpu_ms_per_frame=plain_cpu_ms,
        before_core_ms=before.cpu_ms_per_frame,
        after_core_ms=after.cpu_ms_per_frame,
        core_ratio=cpu_ms / max(plain_cpu_ms, 1e-3),
        age_ratio=age.p50 / max(plain_age.p50, 1e-3),
    )


def _unpaced(config: Config) -> Source:
    return open_source(config.capture.source, config.capture, paced=False)


def _soak(window: Window) -> Soak:
    """Trends, and one line a minute for whoever wants to see the course."""
    moments = [moment for moment in window.moments if not np.isnan(moment.age_p50_ms)]
    minutes = [moment.at_s / 60 for moment in moments]
    rss, age = [moment.rss_mb for moment in moments], [moment.age_p50_ms for moment in moments]
    by_minute: dict[int, list[int]] = {}
    for index, minute in enumerate(minutes):
        by_minute.setdefault(int(minute), []).append(index)
    return Soak(
        rss_growth_mb=trend.growth(minutes, rss),
        age_drift_ms=trend.growth(minutes, age),
        minutes=[
            (float(minute), float(np.median([rss[i] for i in at])), float(np.median([age[i] for i in at])))
            for minute, at in by_minute.items()
        ],
    )
