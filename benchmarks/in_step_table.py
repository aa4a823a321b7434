"""README.md's table of `avatard bench --av`: sound against picture, from outside."""

from __future__ import annotations

from typing import Any, Final

Result = dict[str, Any]

#: What a result was run with → how a user calls it.
_WHAT: Final = {"typed speech": "typed speech, by the closures of its lips", "microphone": "a microphone"}


def in_step_table(typed: Result, microphone: Result | None) -> str:
    """Markdown. typed: of typed speech. microphone: of a clip with sound, where that was run."""
    machine = typed["machine"]
    late = "sound later than picture, ms"
    rows = [
        f"{machine['cpu']}, {machine['cores']} cores; engine `{typed['engine']}`, {typed['setup']['format']}, "
        f"voice `{typed['voice']}`, {typed['heard']['server']}.",
        "",
        f"| {late} | p5 | p50 | p95 | from | to | moments | 0 to 40 ms |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
        *(_row(result) for result in (typed, microphone) if result),
        "",
        _closures(typed),
    ]
    if microphone:
        rows[-1] += f" {_delay(microphone)}"
    return "\n".join(rows)


def _row(result: Result) -> str:
    late, load = result["late_ms"], result["setup"]["load"]
    figures = " | ".join(f"{late[name]:.0f}" for name in ("p5", "p50", "p95", "min", "max"))
    beside = f", beside a {load}" if load else ""
    return f"| {_WHAT[result['what']]}{beside} | {figures} | {late['n']} | {late['within']:.0%} |"


def _closures(typed: Result) -> str:
    found = typed["closures"]
    return (
        f"Of {found['wanted']} closures (p, b, m; f, v) {found['closed']} were seen closed in the sealed pictures, "
        f"tracked anew; {found['timed']} stand apart from others, so that their instant can be told."
    )


def _delay(microphone: Result) -> str:
    delay = microphone["delay"]
    return (
        f"The microphone's sound leaves after {delay['delay_ms']:.0f} ms, its picture after "
        f"{microphone['picture_age_ms']:.0f} ms; the sound devices alone take {delay['least_ms']:.0f} ms."
    )
