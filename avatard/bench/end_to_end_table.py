"""An end-to-end result for people, on a terminal."""

from __future__ import annotations

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from avatard.bench.leg import EndToEnd, Leg
from avatard.bench.table import verdict_table


def report(result: EndToEnd) -> Group:
    """All of it."""
    verdicts = result.verdicts()
    machine = result.machine
    lines = [
        f"{machine.cpu}, {machine.cores} cores, {machine.system} {machine.kernel}, Python {machine.python}, "
        f"load {machine.load_average[0]:.2f} before",
        f"{result.setup.source} → {result.setup.avatar} ({result.engine}, {result.provider}), {result.setup.format}",
    ]
    parts: list[Text | Table] = [Text(line) for line in lines]
    if result.legs:
        parts += [Text(""), legs_table(result.legs), Text("age includes:")]
        told = dict.fromkeys((leg.route, leg.includes) for leg in result.legs)
        parts += [Text(f"  {route}: {includes}", style="dim") for route, includes in told]
    parts += [Text(f"not run: {route.route}: {route.why}", style="yellow") for route in result.not_run]
    if verdicts:
        parts.append(verdict_table(verdicts))
    return Group(*parts)


def legs_table(legs: tuple[Leg, ...]) -> Table:
    """A row a leg: the age's percentiles, the median from motion to output, and what the reader missed."""
    table = Table(
        title="age at the reader, milliseconds", title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0)
    )
    table.add_column("route", no_wrap=True)
    table.add_column("beside", style="dim", no_wrap=True)
    for name in ("p50", "p95", "p99", "max", "motion", "repeat", "lost", "order"):
        table.add_column(name, justify="right", no_wrap=True)
    for leg in legs:
        age, motion = leg.age_ms, leg.motion
        table.add_row(
            leg.route,
            leg.load,
            *(f"{value:.1f}" for value in (age.p50, age.p95, age.p99, age.max)),
            f"{motion.lag_ms.p50:.0f}" if motion and motion.found else "",
            f"{leg.repeated:.1%}",
            str(leg.seen.dropped),
            str(leg.seen.reordered),
        )
    return table
