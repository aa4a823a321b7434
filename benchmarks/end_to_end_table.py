"""README.md's tables of `avatard bench --end-to-end`: by route, against what was promised, beside others, and on whose
machines; and the list of what nobody has run yet, which is whatever no result has."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, TypeAlias

Result: TypeAlias = dict[str, Any]
"""JSON of `avatard bench --end-to-end`, ours or a submission."""

#: Route of a result → how a user calls it.
ROUTES: Final = {
    "y4m-ring": "y4m ring",
    "pipewire": "PipeWire camera",
    "v4l2loopback": "v4l2loopback",
    "chromium": "Chromium, by getUserMedia",
}
_GPU_PROVIDERS: Final = ("cuda", "tensorrt", "tensorrt-rtx")


def _has_route(route: str) -> Callable[[Result], bool]:
    return lambda result: any(leg["route"] == route for leg in result["legs"])


def _on(system: str) -> Callable[[Result], bool]:
    return lambda result: bool(result["legs"]) and result["machine"]["system"] == system


def _on_iron(result: Result) -> bool:
    return bool(result["legs"]) and result.get("hardware") is not None and not result["hardware"]["virtual_machine"]


_IN_VM: Final = "its order and pixels are tested in a virtual machine, not its speed"
#: What people have and a result can show; in the order of the list.
TARGETS: Final[tuple[tuple[str, Callable[[Result], bool]], ...]] = (
    ("a real webcam", lambda result: bool(result["legs"]) and result["setup"]["source"] == "camera"),
    (f"a v4l2loopback device ({_IN_VM})", _has_route("v4l2loopback")),
    ("a PipeWire camera", _has_route("pipewire")),
    ("Chromium", _has_route("chromium")),
    ("a machine that is not virtual", _on_iron),
    ("an NVIDIA GPU", lambda result: bool(result["legs"]) and result["provider"] in _GPU_PROVIDERS),
    ("Windows", _on("Windows")),
    ("macOS", _on("Darwin")),
)


def end_to_end_table(ours: Result, others: dict[str, Any], submissions: dict[str, Result]) -> str:
    """Markdown. others: the results `peers` and `sleep`, where they are. submissions: by file name."""
    parts = [_head(ours), _legs(ours), _lacking(ours), _includes(ours), _promised(ours, others.get("sleep"))]
    if peers := others.get("peers"):
        parts += [_peer_ages(peers), _peer_costs(peers)]
    if submissions:
        parts.append(_submitted(submissions))
    parts.append(_unrun([ours, *submissions.values()]))
    return "\n\n".join(part for part in parts if part)


def _head(result: Result) -> str:
    machine, setup = result["machine"], result["setup"]
    return (
        f"{machine['cpu']}, {machine['cores']} cores, {machine['system']} {machine['kernel']}; engine "
        f"`{result['engine']}`, {setup['format']}, source: the {setup['source']}; load average before the run "
        f"{machine['load_average'][0]:.1f}. Milliseconds."
    )


def _legs(result: Result) -> str:
    rows = [
        "| age at a reader of | beside | p50 | p95 | p99 | max | motion to output, p50 / p95 | repeated | lost | "
        "out of order |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for leg in sorted(result["legs"], key=lambda leg: bool(leg["load"])):
        seen = leg["seen"]
        rows.append(
            f"| {ROUTES.get(leg['route'], leg['route'])} | {_beside(leg)} | {times(leg['age_ms'])} | {_motion(leg)} | "
            f"{leg['repeated']:.1%} | {seen['dropped']} of {seen['pictures'] + seen['dropped']} | {seen['reordered']} |"
        )
    return "\n".join(rows)


def _lacking(result: Result) -> str:
    told = "; ".join(f"{ROUTES.get(one['route'], one['route'])} ({one['why']})" for one in result["not_run"])
    return f"Not run here: {told}." if told else ""


def _includes(result: Result) -> str:
    told = dict.fromkeys((leg["route"], leg["includes"], leg["reader_is"], leg["clock_ms"]) for leg in result["legs"])
    lines, seen = ["What an age includes:", ""], set()
    for route, includes, reader, clock_ms in told:
        if route in seen:
            continue
        seen.add(route)
        who = f" ({reader}, clocks compared to {clock_ms:.1f} ms)" if reader else ""
        lines.append(f"- {ROUTES.get(route, route)}{who}: {includes}.")
    lines.append(
        "- motion to output: from the instant at which the performer's mouth is half open, which is between two "
        "frames, to the first picture in the reader's hands that shows it half open; so waiting for the next frame "
        "and all smoothing are inside."
    )
    return "\n".join(lines)


def _promised(result: Result, sleep: dict[str, Any] | None) -> str:
    rows = [
        f"| {verdict['what']} | {_quantity(verdict['limit'], verdict['unit'])} | "
        f"{_quantity(verdict['value'], verdict['unit'])} | {'yes' if verdict['ok'] else '**no**'} |"
        for verdict in result["verdicts"]
    ]
    if sleep:
        asleep = sleep["asleep"].values()
        for what, limit, value, unit in (
            ("wake, slowest of " + str(sleep["rounds"]), 1000.0, sleep["wake"]["first_picture_ms"]["max"], "ms"),
            ("asleep, share of one core", 0.02, max(one["cpu_percent"] for one in asleep) / 100, ""),
            ("asleep, memory", 300.0, max(one["rss_mb"] for one in asleep), "MB"),
        ):
            kept = "yes" if value <= limit else "**no**"
            rows.append(f"| {what} | {_quantity(limit, unit)} | {_quantity(value, unit)} | {kept} |")
    return "\n".join(["| promised | at most | measured | kept |", "|---|--:|--:|---|", *rows]) if rows else ""


def _peer_ages(peers: dict[str, Any]) -> str:
    rows = ["| into the same ring, in one run | p50 | p95 | p99 | max | repeated |", "|---|--:|--:|--:|--:|--:|"]
    for peer in peers["ages"]:
        if peer["not_run"]:
            rows.append(f"| {peer['name']}: not run | | | | | |")
            continue
        seen = peer["seen"]
        share = seen["repeats"] / max(1, seen["repeats"] + seen["pictures"])
        rows.append(f"| {peer['name']} | {times(peer['age_ms'])} | {share:.1%} |")
    return "\n".join(rows)


def _peer_costs(peers: dict[str, Any]) -> str:
    rows = [
        "What drawing a picture costs without a GPU; the published networks are compute graphs with random weights, of "
        "which only the cost counts:",
        "",
        "| | parameters | p50 | core-ms |",
        "|---|--:|--:|--:|",
    ]
    for cost in peers["costs"]:
        size = f"{cost['parameters'] / 1e6:.1f} M" if cost["parameters"] else ""
        wall = f"{cost['wall_ms']['p50']:.0f}" if cost["wall_ms"] else ""
        rows.append(f"| {cost['name']} | {size} | {wall} | {cost['core_ms']:.0f} |")
    return "\n".join(rows)


def _submitted(submissions: dict[str, Result]) -> str:
    rows = [
        "Measured by users (`benchmarks/submissions/`):",
        "",
        "| machine | source | reader of | beside | p50 | p95 | p99 | max | motion to output, p50 / p95 |",
        "|---|---|---|---|--:|--:|--:|--:|--:|",
    ]
    for name, result in submissions.items():
        machine, hardware = result["machine"], result["hardware"]
        gpu = ", ".join(one["name"] for one in hardware["gpus"]) if result["provider"] in _GPU_PROVIDERS else ""
        cameras = ", ".join(one["name"] for one in hardware["cameras"])
        where = f"[{machine['cpu']}, {machine['cores']} cores](benchmarks/submissions/{name}.json)"
        where += f"{', ' + gpu if gpu else ''}; {hardware['distribution']}"
        source = cameras or result["setup"]["source"]
        rows += [
            f"| {where} | {source} | {ROUTES.get(leg['route'], leg['route'])} | {_beside(leg)} "
            f"| {times(leg['age_ms'])} | {_motion(leg)} |"
            for leg in result["legs"]
        ]
    return "\n".join(rows)


def _unrun(results: Iterable[Result]) -> str:
    found = list(results)
    lacking = [what for what, shown in TARGETS if not any(shown(result) for result in found)]
    if not lacking:
        return ""
    return (
        f"Not run on yet: {'; '.join(lacking)}. `avatard bench --submit-file FILE` measures yours: see "
        "[benchmarks/submissions](benchmarks/submissions/README.md)."
    )


def _beside(leg: dict[str, Any]) -> str:
    return f"a {leg['load']}" if leg["load"] else "alone"


def _motion(leg: dict[str, Any]) -> str:
    motion = leg["motion"]
    return f"{motion['lag_ms']['p50']:.0f} / {motion['lag_ms']['p95']:.0f}" if motion and motion["found"] else ""


def times(p: dict[str, float]) -> str:
    """The cells of a distribution, ms."""
    return " | ".join(f"{p[name]:.1f}" for name in ("p50", "p95", "p99", "max"))


def _quantity(value: float, unit: str) -> str:
    if unit == "":
        return f"{value:.1%}"
    return f"{value:.0f} {unit}" if unit in ("pictures", "MB") or value >= 100 else f"{value:.1f} {unit}"
