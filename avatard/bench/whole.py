"""The main measurement: the whole line for a while, its age taken where it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from avatard.bench import sightings
from avatard.bench.live import watch
from avatard.bench.notebook import Seen
from avatard.bench.routes import BY_SINK
from avatard.timing import STAGES, Percentiles

if TYPE_CHECKING:
    from avatard.avatar import Avatar
    from avatard.bench.notebook import Box
    from avatard.bench.result import Reader
    from avatard.bench.routes import Route
    from avatard.bench.window import Moment, Window
    from avatard.config import Config
    from avatard.parts import Parts


@dataclass(frozen=True, slots=True)
class Whole:
    """What happened, the age of each picture in order, and what a reader saw if there was one."""

    window: Window
    ages_ns: npt.NDArray[np.int64]
    reader: Reader | None = None

    @property
    def pictures(self) -> int:
        """Those a reader saw, else those delivered."""
        return self.reader.pictures if self.reader else self.window.counts()["delivered"]

    @property
    def cpu_ms(self) -> float:
        """CPU time of the process, all threads, in milliseconds a delivered picture."""
        return 1e3 * self.window.cpu_s / max(1, self.window.counts()["delivered"])

    @property
    def age(self) -> Percentiles:
        """The distribution of the ages."""
        return Percentiles.of_ns(self.ages_ns)

    def over_deadline(self, deadlines_ms: dict[str, float]) -> dict[str, float]:
        """The share of samples above each deadline, by stage, and "age" where there was any."""
        over = {name: self.window.over(name, limit) for name, limit in deadlines_ms.items() if name in STAGES}
        if "age" in deadlines_ms and self.ages_ns.size:
            over["age"] = float((self.ages_ns > deadlines_ms["age"] * 1e6).mean())
        return over


def measure(config: Config, avatar: Avatar, parts: Parts, seconds: float, each_poll: Callable[[Moment], None]) -> Whole:
    """Run `config` for `seconds`. Where its sink has a reader the age is taken by that, an independent process, through
    the barcode; of any other sink when its write returns."""
    route = BY_SINK.get(config.output.sinks[0].partition(":")[0])
    if route is None:
        window = watch(config, avatar, parts, seconds, each_poll)
        return Whole(window, window.samples_ns("age"))
    window, seen = look(route, config, avatar, parts, seconds, each_poll)
    rows = seen.sightings
    return Whole(window, sightings.ages_ns(rows), sightings.report(rows, config.output.fps))


def look(
    route: Route,
    config: Config,
    avatar: Avatar,
    parts: Parts,
    seconds: float,
    each_poll: Callable[[Moment], None],
    mouth: Box | None = None,
) -> tuple[Window, Seen]:
    """Run `config`, whose sink is that of `route`, for `seconds`: what happened, and what the route's reader saw.

    Raises ChildError where the reader sees nothing, and what a stage raises that cannot be opened or fails.
    """
    spec = config.output.sinks[0]
    config = replace(config, seal=replace(config.seal, barcode=True))
    if route.sink == "y4m-ring":
        Path(spec.partition(":")[2]).unlink(missing_ok=True)  # the reader must not look into a former run's file
    with route.open_reader(spec, parts.format, mouth) as reader:
        patience = partial(reader.await_watching, route.patience_s)
        window = watch(config, avatar, parts, seconds, each_poll, patience)
        seen = Seen.of_json(reader.stop())
    return window, seen.between(window.start_ns, window.end_ns)
