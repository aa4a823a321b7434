"""`avatard bench --av`: is what comes out of the virtual microphone in step with what the virtual camera shows?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from avatard.avatar import Avatar
    from avatard.config import Config


def bench(config: Config, avatar: Avatar, seconds: float, load: str, json_file: Path | None) -> bool:
    """Measure, print and write; whether all promises are kept. A file as source is a microphone's sound too."""
    from rich.console import Console

    from avatard.bench.in_step import microphone, typed
    from avatard.bench.in_step.table import report
    from avatard.bench.result import write_json

    plan = typed.Plan(config, avatar, seconds, load)
    kind, _, path = config.capture.source.partition(":")
    with Console(stderr=True, highlight=False).status("") as status:
        result = microphone.run(plan, Path(path), status.update) if kind == "file" else typed.run(plan, status.update)
    Console(highlight=False).print(report(result))
    if json_file is not None:
        write_json(result.as_json(), json_file)
    return all(verdict.ok for verdict in result.verdicts())
