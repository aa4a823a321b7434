"""`avatard bench`: what the live path costs on this machine."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from avatard.cli import bench_end_to_end, bench_in_step, options

if TYPE_CHECKING:
    from rich.console import Console

    from avatard.bench.result import Result
    from avatard.bench.run import Plan
    from avatard.bench.window import Moment

#: What a y4m ring is written with; Windows has none.
HAS_RING = hasattr(os, "pwrite")
#: A broken budget: neither a failure of avatard nor of its user.
BROKEN = 3


@click.command(name="bench", epilog="Exits with 3 when a limit of the budget is broken.")
@click.option(
    "--profile",
    metavar="NAME|FILE.toml",
    help="Budget to hold it against: cpu-2core, laptop (each with -mesh), gpu, ci; by default by cores and engine.",
)
@click.option("--seconds", type=click.FloatRange(1.0, 3600.0), default=20.0, show_default=True, help="How long.")
@click.option("--soak", type=click.FloatRange(0.1, 24 * 60), metavar="MINUTES", help="Instead: does anything grow?")
@click.option(
    "--end-to-end", is_flag=True, help="Instead: age at independent readers of every sink here, and motion to output."
)
@click.option(
    "--av",
    is_flag=True,
    help="Instead: is the sound in step with the picture? Of typed speech; with --source file:CLIP of a microphone.",
)
@click.option(
    "--route",
    "route_names",
    type=click.Choice(["y4m-ring", "pipewire", "v4l2loopback", "chromium"]),
    multiple=True,
    help="End to end: only this way to a reader; several.  [default: all that are here]",
)
@click.option(
    "--submit-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The same, as a file to send in: with camera, GPU, kernel and drivers, without names of yours.",
)
@click.option("--source", default="performer", show_default=True, help="As for `avatard up`.")
@click.option(
    "--sink",
    default="y4m-ring" if HAS_RING else "null",
    show_default=True,
    help="y4m-ring[:PATH], pipewire, virtualcam: an independent reader takes the age; others: when the write returns.",
)
@options.avatar
@options.engine
@options.size
@click.option("--load", type=click.Choice(["call"]), help="Beside it on the same cores: a call's encoder, x264 720p30.")
@click.option("--start/--no-start", default=True, help="Measure the cold start too (three seconds).")
@click.option("--json", "json_file", type=click.Path(path_type=Path, dir_okay=False), help="Write the figures.")
@click.option("--html", "html_file", type=click.Path(path_type=Path, dir_okay=False), help="Write a page with plots.")
def command(
    profile: str | None,
    seconds: float,
    soak: float | None,
    end_to_end: bool,
    av: bool,
    route_names: tuple[str, ...],
    submit_file: Path | None,
    source: str,
    sink: str,
    avatar: str | None,
    engine: str | None,
    size: tuple[int, int] | None,
    load: str | None,
    start: bool,
    json_file: Path | None,
    html_file: Path | None,
) -> None:
    """Run the live path and measure it: age at the sink, time of each stage, CPU time, memory, losses, start.

    Settings files and environment are left aside: a figure must not depend on them.

    \b
    Examples:
      avatard bench                                  20 s of the shipped performer
      avatard bench --load call --html report.html   as in a call, with plots
      avatard bench --soak 30 --json soak.json       half an hour: does memory or the age grow?
      avatard bench --end-to-end --load call         every route to a reader, alone and beside a call
      avatard bench --av --seconds 60                lips against sound, as a call sees and hears them
    """
    to_readers = end_to_end or submit_file is not None
    _refuse_idle_options(to_readers, av)
    if av and not _is_given("source"):
        source = "none"
    from rich.console import Console

    from avatard import config_file, daemon
    from avatard.avatars import open_store
    from avatard.bench.budget import default_profile, load_budget
    from avatard.bench.end_to_end import EndToEndPlan
    from avatard.bench.run import Plan

    flags = {"capture.source": source, "reenact.avatar": avatar, "reenact.engine": engine, **options.size_flags(size)}
    with tempfile.TemporaryDirectory(prefix="avatard-bench-") as folder:
        no_settings = Path(folder) / "config.toml"
        no_settings.touch()
        if sink == "y4m-ring":
            sink = f"y4m-ring:{Path(folder) / 'ring.y4m'}"
        config = config_file.load(no_settings, {}, {**flags, "output.sinks": (sink,)})
        portrait = open_store().load(config.reenact.avatar)
        budget = load_budget(profile or default_profile(config.reenact.engine))
        daemon.tune_process()
        if av:
            kept = bench_in_step.bench(config, portrait, seconds, load or "", json_file)
        elif to_readers:
            chosen = sink if _is_given("sink") else ""
            loads = ("", load) if load else ("",)
            routes = bench_end_to_end.routes_for(route_names, chosen)
            legs = EndToEndPlan(config, portrait, budget, seconds, routes, loads, device=chosen)
            kept = bench_end_to_end.bench(legs, json_file, submit_file)
        else:
            plan = Plan(
                config=config,
                avatar=portrait,
                budget=budget,
                seconds=soak * 60 if soak else seconds,
                load=load or "",
                soak=soak is not None,
                start=start and HAS_RING,
            )
            kept = _report(_measure(plan, Console(stderr=True, highlight=False)), json_file, html_file)
    if not kept:
        click.get_current_context().exit(BROKEN)


def _refuse_idle_options(to_readers: bool, av: bool) -> None:
    """Raise UsageError for an option that would change nothing."""
    if to_readers and av:
        raise click.UsageError("--av is a measurement of its own: leave --end-to-end and --submit-file out.")
    if not to_readers and _is_given("route_names"):
        raise click.UsageError("--route is for --end-to-end and --submit-file.")
    idle = [("soak", "--soak"), ("start", "--start/--no-start"), ("html_file", "--html")]
    if av:
        idle += [("sink", "--sink"), ("profile", "--profile")]
    for name, option in idle:
        if (to_readers or av) and _is_given(name):
            raise click.UsageError(f"{option} is not for {'--av' if av else '--end-to-end and --submit-file'}.")


def _is_given(parameter: str) -> bool:
    return click.get_current_context().get_parameter_source(parameter) is not ParameterSource.DEFAULT


def _measure(plan: Plan, console: Console) -> Result:
    """Run the plan under a line that says what is being done."""
    from avatard.bench.run import run

    with console.status("") as status:
        doing = ""

        def tell(what: str) -> None:
            nonlocal doing
            doing = what
            status.update(what)

        minutes = 0

        def progress(moment: Moment) -> None:
            nonlocal minutes
            now = f"{moment.at_s:.0f} of {plan.seconds:.0f} s, age {moment.age_p50_ms:.1f} ms, {moment.own_mb:.1f} MB"
            status.update(f"{doing}: {now}")
            if plan.soak and moment.at_s // 60 > minutes:
                minutes += 1
                console.print(now)

        return run(plan, tell, progress)


def _report(result: Result, json_file: Path | None, html_file: Path | None) -> bool:
    """Print and write it; whether the budget is kept."""
    from rich.console import Console

    from avatard.bench.judge import judge
    from avatard.bench.result import write_json
    from avatard.bench.table import report

    verdicts = judge(result)
    Console(highlight=False).print(report(result, verdicts))
    if json_file is not None:
        write_json(result.as_json(verdicts), json_file)
    if html_file is not None:
        from avatard.bench.page import write_page

        write_page(result, verdicts, html_file)
    return all(verdict.ok for verdict in verdicts)
