from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from rich.console import Console

from avatard.bench.in_step.result import Closures, Heard, InStep, Late
from avatard.bench.in_step.table import report
from avatard.bench.machine import Machine
from avatard.bench.result import Setup
from benchmarks.in_step_table import in_step_table

MACHINE = Machine("a CPU", 2, 4096, "Linux", "6.1", "3.11", {"avatard": "0.1.0"}, (0.1, 0.2, 0.3))
DELAY = {"later_than_picture_ms": 25.0, "least_ms": 50.0, "picture_age_ms": 25.0, "delay_ms": 50.0}


def result(late_ms: list[float], **more: object) -> InStep:
    typed = InStep(
        what="typed speech",
        setup=Setup("none", "y4m-ring", "1280x720@30", "mira", ""),
        engine="mesh",
        provider="cpu",
        machine=MACHINE,
        seconds=60.0,
        pictures=1800,
        late_ms=Late.of(np.array(late_ms)),
        heard=Heard("pulseaudio", 62.0, 0, 1.0, 9.0),
        counters={},
        voice="en-us",
        faces=1.0,
        closures=Closures(70, 70, len(late_ms)),
    )
    return replace(typed, **more)  # type: ignore[arg-type]


def broken(run: InStep) -> list[str]:
    return [verdict.what for verdict in run.verdicts() if not verdict.ok]


def test_in_step_is_passed() -> None:
    run = result([5.0, 20.0, 39.0] * 10)
    assert broken(run) == []
    assert run.as_json()["passed"]
    assert run.as_json()["late_ms"]["within"] == 1


@pytest.mark.parametrize(
    ("late_ms", "what"),
    [
        ([20.0] * 9 + [44.0], "sound 0 to 40 ms late"),
        ([20.0] * 9 + [-1.0], "sound 0 to 40 ms late"),
        ([20.0] * 99 + [46.0], "off its picture, worst"),
        ([20.0] * 99 + [-46.0], "off its picture, worst"),
    ],
)
def test_each_promise_can_be_broken(late_ms: list[float], what: str) -> None:
    assert broken(result(late_ms)) == [what]


def test_a_closure_that_was_not_seen_closed_breaks_one() -> None:
    assert broken(result([20.0], closures=Closures(70, 69, 1))) == ["closures not seen closed"]


def test_nothing_measured_is_not_passed() -> None:
    assert "moments measured" in broken(result([]))


def test_a_microphone_is_held_against_what_its_delay_line_says() -> None:
    microphone = result([25.0], what="microphone", closures=None, delay=DELAY)
    assert broken(microphone) == []
    assert broken(replace(microphone, late_ms=Late.of(np.array([12.0])))) == ["off what the delay line says, median"]


def test_it_is_told_and_in_the_readme() -> None:
    console = Console(record=True, width=200)
    microphone = result([25.0], what="microphone", closures=None, delay=DELAY, picture_age_ms=25.0)
    console.print(report(result([5.0, 20.0])), report(microphone))
    told = console.export_text()
    assert "p50 +12" in told
    assert "70 of 70 seen closed" in told
    table = in_step_table(result([5.0, 20.0]).as_json(), microphone.as_json())
    assert "| typed speech, by the closures of its lips | 6 | 12 | 19 | 5 | 20 | 2 | 100% |" in table
    assert "after 50 ms, its picture after 25 ms" in table
