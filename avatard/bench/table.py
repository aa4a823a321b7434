"""The result for people, on a terminal."""

from __future__ import annotations

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from avatard.bench.result import Plain, Result, Verdict
from avatard.timing import STAGES, Percentiles

_STAGE_WHAT = {
    "capture": "stamp → frame taken",
    "track": "find the face",
    "drive": "retarget, blend",
    "reenact": "draw the avatar",
    "seal": "I420, badge, mark, check",
    "output": "hand to the device",
}


_LOSSES = (
    ("dropped_waiting", "before the tracker"),
    ("dropped_done", "before the sink"),
    ("no_face", "without a face"),
    ("repeated", "repeated"),
    ("standby", "standby"),
)
#: On an idle machine the two halves of the plain path differ by up to a tenth.
_QUIET = 1.15
_AGE_WHAT = {"reader": "stamp → seen at the sink", "write": "stamp → written to sink"}


def latency_table(
    age: Percentiles, stages: dict[str, Percentiles], core_ms: dict[str, float] | None = None, age_at: str = "write"
) -> Table:
    """Milliseconds by stage and for the whole. The stages run in three threads and hand over in between, so their
    percentiles do not add up to the age's. `age_at` as in `Result`."""
    table = Table(title="milliseconds a picture", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("stage")
    table.add_column("what", style="dim", no_wrap=True)
    for name in ("p50", "p95", "p99", "max", *(["core-ms"] if core_ms else [])):
        table.add_column(name, justify="right")
    for stage in STAGES:
        if stage in stages:
            core = [_ms(core_ms.get(stage))] if core_ms else []
            table.add_row(stage, _STAGE_WHAT[stage], *_row(stages[stage]), *core)
    table.add_section()
    total = [_ms(sum(core_ms.values()))] if core_ms else []
    table.add_row("age", _AGE_WHAT[age_at], *_row(age), *total, style="bold")
    return table


def verdict_table(verdicts: list[Verdict]) -> Table:
    """Each limit of the budget: the broken ones stand out, the kept ones say how much room is left."""
    table = Table(title="budget", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("", "limit of", "measured", "allowed", "used"):
        table.add_column(name, justify="left" if name in ("", "limit of") else "right")
    for verdict in verdicts:
        used = "" if verdict.least or not verdict.limit else f"{max(0.0, verdict.value / verdict.limit):.0%}"
        table.add_row(
            "ok" if verdict.ok else "BROKEN",
            verdict.what,
            quantity(verdict.value, verdict.unit),
            f"{'≥' if verdict.least else '≤'} {quantity(verdict.limit, verdict.unit)}",
            used,
            style=None if verdict.ok else "bold red",
        )
    return table


def report(result: Result, verdicts: list[Verdict]) -> Group:
    """All of it."""
    broken = sum(not verdict.ok for verdict in verdicts)
    kept = f"{len(verdicts)} of {len(verdicts)} limits of budget {result.budget.profile} kept"
    return Group(
        *(Text(line) for line in summary(result)),
        "",
        latency_table(result.age_ms, result.stages_ms, result.core_ms, result.age_at),
        verdict_table(verdicts),
        Text(f"{broken} of {len(verdicts)} limits of budget {result.budget.profile} broken", style="bold red")
        if broken
        else Text(kept, style="bold green"),
    )


def summary(result: Result) -> list[str]:
    """What was run, on what, and what does not fit a table of milliseconds; one line each."""
    lines = [_machine(result), _setup(result), _delivered(result), _lost(result.counters)]
    if words := without_network(result.counters):
        lines.append(words)
    if reader := result.reader:
        lines.append(
            f"a reader of the sink saw {reader.pictures} pictures; repeated {reader.repeats}, "
            f"dropped {reader.dropped}, out of order {reader.reordered}"
        )
    if start := result.start:
        lines.append(
            f"avatard up → first picture {start.total:.0f} ms "
            f"({start.sink:.0f} to the open sink, {start.picture:.0f} to the picture)"
        )
    if plain := result.plain:
        lines.append(_plain(plain))
    if load := result.load:
        lines.append(f"the {result.setup.load} beside it: {load.fps:.1f} fps, {load.core_ms:.1f} core-ms a frame")
    if soak := result.soak:
        lines.append(f"soak: memory {soak.growth_mb:+.1f} MB, age {soak.age_drift_ms:+.2f} ms")
    return lines


def _machine(result: Result) -> str:
    machine = result.machine
    return (
        f"{machine.cpu}, {machine.cores} cores, {machine.system} {machine.kernel}, Python {machine.python}, "
        f"load {machine.load_average[0]:.2f} before"
    )


def _setup(result: Result) -> str:
    setup = result.setup
    beside = f", beside a {setup.load}" if setup.load else ""
    return (
        f"{setup.source} → {setup.avatar} ({result.engine}, {result.provider}) → {setup.sink}, {setup.format}{beside}"
    )


def _delivered(result: Result) -> str:
    memory = result.memory
    return (
        f"{result.frames} pictures in {result.seconds:.1f} s, {result.fps:.2f} a second; "
        f"{result.cpu_ms_per_frame:.1f} core-ms a picture; "
        f"memory {memory.start:.0f} → {memory.end:.0f} MB, at most {memory.max:.0f}"
    )


def _lost(counters: dict[str, int]) -> str:
    return "lost: " + ", ".join(f"{counters[cause]} {what}" for cause, what in _LOSSES)


def _plain(plain: Plain) -> str:
    halves = plain.before_core_ms, plain.after_core_ms
    noise = ": this machine is not quiet" if max(halves) > _QUIET * min(halves) else ""
    return (
        f"plain path (capture → seal → null) {plain.cpu_ms_per_frame:.1f} core-ms a picture ({halves[0]:.1f} before, "
        f"{halves[1]:.1f} after{noise}), age p50 {plain.age_ms.p50:.1f} ms; "
        f"the whole is {plain.core_ratio:.1f} and {plain.age_ratio:.1f} times that"
    )


def without_network(counters: dict[str, int]) -> str:
    """How many pictures were drawn without the engine's network, and why; "" for none."""
    light, failed = counters.get("rendered_light", 0), counters.get("engine_fallbacks", 0)
    if not light and not failed:
        return ""
    down, up = counters.get("stepped_down", 0), counters.get("stepped_up", 0)
    return (
        f"drawn without the network: {light} for want of time (left out {down} times, taken in again {up} times), "
        f"{failed} because it failed"
    )


def quantity(value: float, unit: str) -> str:
    """A value with its unit; a share without a unit as per cent."""
    match unit:
        case "":
            return f"{value:.2%}"
        case "x":
            return f"{value:.2f}x"
        case "MB":
            return f"{value:.1f} MB" if value < 100 else f"{value:.0f} MB"
    return f"{value:.2f} {unit}" if value < 1000 else f"{value:.0f} {unit}"


def _row(p: Percentiles) -> list[str]:
    return [_ms(value) for value in (p.p50, p.p95, p.p99, p.max)]


def _ms(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}" if value < 100 else f"{value:.0f}"
