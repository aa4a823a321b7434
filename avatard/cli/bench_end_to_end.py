"""`avatard bench --end-to-end`: how old a picture is in the hands of an independent reader, by every route there is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from avatard.errors import ConfigError

if TYPE_CHECKING:
    from avatard.bench.end_to_end import EndToEndPlan
    from avatard.bench.routes import Route
    from avatard.bench.window import Moment


def routes_for(names: tuple[str, ...], sink: str) -> tuple[Route, ...]:
    """Those that the user named, else that of the sink which the user named, else all. Raises ConfigError for a sink
    that has none."""
    from avatard.bench.routes import BY_SINK, ROUTES

    kind = sink.partition(":")[0]
    if not names and kind and kind not in BY_SINK:
        hint = f"Use {', '.join(BY_SINK)}, or leave --sink out for all."
        raise ConfigError(f"nobody reads the sink {sink!r} end to end", hint)
    wanted = names or ((BY_SINK[kind].name,) if kind else tuple(route.name for route in ROUTES))
    return tuple(route for route in ROUTES if route.name in wanted)


def bench(plan: EndToEndPlan, json_file: Path | None, submit_file: Path | None) -> bool:
    """Measure, print and write; whether the budget is kept."""
    from dataclasses import replace

    from rich.console import Console

    from avatard.bench import submission
    from avatard.bench.end_to_end import run
    from avatard.bench.end_to_end_table import report
    from avatard.bench.result import write_json

    with Console(stderr=True, highlight=False).status("") as status:
        doing = ""

        def tell(what: str) -> None:
            nonlocal doing
            doing = what
            status.update(what)

        def progress(moment: Moment) -> None:
            status.update(f"{doing}: {moment.at_s:.0f} of {plan.seconds:.0f} s, age {moment.age_p50_ms:.1f} ms")

        result = run(plan, tell, progress)
    Console(highlight=False).print(report(result))
    if json_file is not None:
        write_json(result.as_json(), json_file)
    if submit_file is not None:
        described = replace(result, hardware=submission.hardware(plan.config.capture.source))
        write_json(submission.without_names(described.as_json()), submit_file)
    return all(verdict.ok for verdict in result.verdicts())
