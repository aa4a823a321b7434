"""Write the tables of README.md from `benchmarks/results/*.json`; `--check`: only say whether they are.

Each table stands between two comment lines; figures in a README that nobody generated are wrong within a month.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from avatard.timing import STAGES
from benchmarks.end_to_end_table import end_to_end_table, times
from benchmarks.in_step_table import in_step_table
from benchmarks.network_table import network_table
from benchmarks.reenactment.table import quality_table
from benchmarks.speech_table import speech_table

HERE = Path(__file__).parent
BEGIN, END = "<!-- {}:begin -->", "<!-- {}:end -->"

Results = dict[str, dict[str, Any]]
"""Scenario (the file's name) → its JSON."""

_ROWS = {
    "y4m-ring": "age at an independent reader of the sink",
    "meshnet": "the same with the engine `meshnet`",
    "null": "age at the write's return, null sink",
    "call": "age at the reader, beside a video call's x264 720p30 on the same cores",
}


def load_results(folder: Path) -> Results:
    """Every result there is."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))}


def latency_table(results: Results) -> str:
    """What a picture costs. Scenarios without a result are left out, never guessed."""
    main = results.get("y4m-ring") or results.get("null")
    if main is None:
        return "No results yet: `python benchmarks/run_all.py` makes them."
    return "\n".join([_machine(main), "", *_ages(results), "", *_stages(main), "", *_facts(results, main)])


def replaced(readme: str, section: str, text: str) -> str:
    """`readme` with `text` between the section's markers. Raises ValueError where they are not there once, in order."""
    first, last = BEGIN.format(section), END.format(section)
    before, begin, rest = readme.partition(first)
    _, end, after = rest.partition(last)
    if not begin or not end or first in after or last in after:
        raise ValueError(f"README.md needs one line {first} and after it one line {last}")
    return f"{before}{first}\n{text}\n{last}{after}"


def updated(readme: str, results: Results, submissions: Results) -> str:
    """`readme` with its tables as `results` say. Raises ValueError where the markers of one are missing; all but those
    of latency may be, while there is no such result."""
    readme = replaced(readme, "latency", latency_table(results))
    tables: tuple[tuple[str, Callable[[dict[str, Any]], str], str], ...] = (
        (
            "end-to-end",
            lambda result: end_to_end_table(result, results, submissions),
            "python benchmarks/run_all.py --end-to-end",
        ),
        ("quality", quality_table, "python benchmarks/quality.py"),
        (
            "in-step",
            lambda result: in_step_table(result, results.get("in-step-microphone")),
            "python benchmarks/run_all.py --av",
        ),
        ("speaking", lambda result: speech_table(results), "python benchmarks/run_all.py --speech"),
        ("network", network_table, "avatard engine bench --fps 30 --json benchmarks/results/network.json"),
    )
    for section, table, command in tables:
        result = results.get(section)
        if result is None and BEGIN.format(section) not in readme:
            continue
        readme = replaced(readme, section, table(result) if result else f"No results yet: `{command}` makes them.")
    return readme


def _machine(result: dict[str, Any]) -> str:
    machine, setup = result["machine"], result["setup"]
    return (
        f"{machine['cpu']}, {machine['cores']} cores, no GPU used; {machine['system']}, Python {machine['python']}, "
        f"avatard {machine['versions'].get('avatard', '')}; engine `{result['engine']}`, {setup['format']}. "
        "All figures in milliseconds."
    )


def _ages(results: Results) -> list[str]:
    rows = ["| camera to sink | p50 | p95 | p99 | max | fps | core-ms a picture |", "|---|--:|--:|--:|--:|--:|--:|"]
    for name, what in _ROWS.items():
        if result := results.get(name):
            counts = result["counters"]
            if light := counts.get("rendered_light"):
                what += f", {light / counts['rendered']:.0%} of its pictures without the network for want of time"
            rows.append(f"| {what} | {times(result['age_ms'])} | {result['fps']:.1f} | {_core(result)} |")
    main = results.get("null") or results.get("y4m-ring")
    if main and (plain := main.get("plain")):
        rows.append(
            f"| the same without face work (capture → seal → null) | {times(plain['age_ms'])} | | {_core(plain)} |"
        )
    return rows


def _stages(result: dict[str, Any]) -> list[str]:
    rows = ["| stage | p50 | p95 | p99 | max | core-ms |", "|---|--:|--:|--:|--:|--:|"]
    for stage in STAGES:
        core = result["core_ms"].get(stage)
        rows.append(f"| {stage} | {times(result['stages_ms'][stage])} | {'' if core is None else f'{core:.1f}'} |")
    return rows


def _facts(results: Results, main: dict[str, Any]) -> list[str]:
    facts = []
    if main.get("start_ms"):
        facts.append(f"`avatard up` to the first avatar picture: {main['start_ms'] / 1e3:.1f} s.")
    facts.append(f"Memory: {main['rss_mb']:.0f} MB.")
    facts.append(f"Frames dropped: {main['dropped']:.2%}.")
    if soak := results.get("soak"):
        grown, minutes = soak["soak"], soak["seconds"] / 60
        facts.append(
            f"Soak of {minutes:.0f} minutes (`{soak['engine']}`): memory {grown['growth_mb']:+.1f} MB, "
            f"age {grown['age_drift_ms']:+.1f} ms."
        )
    if render := results.get("render"):
        facts.append(f"`avatard render`: {render['fps']:.0f} frames a second.")
    return facts


def _core(result: dict[str, Any]) -> str:
    return f"{result['cpu_ms_per_frame']:.1f}"


def main() -> int:
    """Write the tables, or check them: 1 when README.md is out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, exit with 1 when out of date")
    parser.add_argument("--readme", type=Path, default=HERE.parent / "README.md")
    parser.add_argument("--results", type=Path, default=HERE / "results")
    parser.add_argument("--submissions", type=Path, default=HERE / "submissions")
    wanted = parser.parse_args()
    now = wanted.readme.read_text(encoding="utf-8")
    try:
        new = updated(now, load_results(wanted.results), load_results(wanted.submissions))
    except ValueError as e:
        print(e, file=sys.stderr)
        return 1
    if wanted.check and new != now:
        print(f"{wanted.readme} is out of date: run python benchmarks/readme_table.py", file=sys.stderr)
        return 1
    if new != now:
        wanted.readme.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
