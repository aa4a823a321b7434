from __future__ import annotations

import io
from collections.abc import Callable

from rich.console import Console

from avatard.bench.judge import judge
from avatard.bench.result import Load, Result, Setup, Soak
from avatard.bench.table import quantity, report
from avatard.timing import STAGES


def shown(result: Result) -> str:
    console = Console(width=140, record=True, file=io.StringIO())
    console.print(report(result, judge(result)))
    return console.export_text()


def test_every_stage_and_the_age_have_a_row(result: Result) -> None:
    text = shown(result)
    for name in (*STAGES, "age"):
        assert any(line.strip("│ ").startswith(name) for line in text.splitlines()), name
    assert "31.00" in text
    assert "AMD EPYC" in text
    assert "10 of 10 limits of budget tight kept" in text


def test_a_broken_limit_stands_out(changed: Callable[..., Result]) -> None:
    text = shown(changed(fps=20.0))
    assert "1 of 10 limits of budget tight broken" in text
    assert "BROKEN" in text


def test_load_and_soak_are_told_when_there_were_any(changed: Callable[..., Result]) -> None:
    text = shown(
        changed(
            setup=Setup("performer", "null", "1280x720@30", "mira", load="call"),
            load=Load(29.9, 8.0),
            soak=Soak(0.4, -0.1, []),
        )
    )
    assert "the call beside it: 29.9 fps" in text
    assert "soak: memory +0.4 MB, age -0.10 ms" in text


def test_pictures_without_the_network_are_told_when_there_were_any(
    result: Result, changed: Callable[..., Result]
) -> None:
    assert "without the network" not in shown(result)
    some = {"stepped_down": 2, "stepped_up": 1, "rendered_light": 70, "engine_fallbacks": 3}
    text = shown(changed(counters=result.counters | some))
    assert "drawn without the network: 70 for want of time (left out 2 times, taken in again 1 times)" in text
    assert "3 because it failed" in text


def test_quantities_carry_their_unit() -> None:
    assert quantity(0.005, "") == "0.50%"
    assert quantity(2500.0, "ms") == "2500 ms"
    assert quantity(3.4, "MB") == "3.4 MB"
    assert quantity(6.337, "x") == "6.34x"
