"""A measurement of sound against picture for people, on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from rich.text import Text

from avatard.bench.table import verdict_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from avatard.bench.in_step.result import InStep


def report(result: InStep) -> Group:
    """All of it."""
    return Group(*(Text(line) for line in _lines(result)), Text(""), verdict_table(result.verdicts()))


def _lines(result: InStep) -> Iterator[str]:
    machine, late, heard = result.machine, result.late_ms, result.heard
    yield (
        f"{machine.cpu}, {machine.cores} cores, {machine.system} {machine.kernel}, Python {machine.python}, "
        f"load {machine.load_average[0]:.2f} before"
    )
    yield f"{result.what} → {result.setup.avatar} ({result.engine}, {result.provider}), {result.setup.format}"
    yield (
        f"sound later than picture: p5 {late.p5:+.0f}, p50 {late.p50:+.0f}, p95 {late.p95:+.0f} ms, "
        f"from {late.min:+.0f} to {late.max:+.0f}, over {late.n} moments in {result.seconds:.0f} s"
    )
    if result.closures is not None:
        found = result.closures
        yield f"p b m, f v: {found.closed} of {found.wanted} seen closed, the instant of {found.timed} to be told"
    if result.delay is not None:
        yield (
            f"the delay line says: {result.delay['later_than_picture_ms']:+.0f} ms, of which the devices alone cost "
            f"{result.delay['least_ms']:.0f} ms against a picture of {result.delay['picture_age_ms']:.0f} ms; "
            f"{result.missed} pieces of it were not found again"
        )
    like = f"{heard.xruns} xruns; like what was meant to {heard.alike:.3f}"
    yield f"recorded {heard.seconds:.0f} s by {heard.server}, {like}"
