from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from avatard import sd_notify
from avatard.errors import EngineError, SinkError
from avatard.timing import Counters
from avatard.watchdog import GAP_S, Watchdog

HANG_S = 10.0


@dataclass
class FakePipeline:
    """What the watchdog reads of a pipeline that works."""

    ready: bool = True
    summary: str = "mira: live"
    drawing_s: float = 0.01
    writing_s: float = 0.01
    silent_s: float = 0.03
    sink_lost: bool = False
    counters: Counters = field(default_factory=Counters)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the service manager was told."""
    lines: list[str] = []
    monkeypatch.setattr(sd_notify, "_send", lines.append)
    return lines


def looks(watchdog: Watchdog, clock: Clock, seconds: float) -> object:
    """Look each quarter of a second for so long; the first hang found."""
    end = clock.now + seconds
    while clock.now < end:
        clock.now += 0.25
        if hang := watchdog.look():
            return hang
    return None


def test_ready_is_said_once_and_progress_each_time(said: list[str]) -> None:
    clock = Clock()
    watchdog = Watchdog(FakePipeline(), HANG_S, clock)
    assert looks(watchdog, clock, 1.0) is None
    assert said == ["READY=1", "STATUS=mira: live", *["WATCHDOG=1"] * 4]


def test_nothing_is_said_before_it_is_ready(said: list[str]) -> None:
    clock = Clock()
    looks(Watchdog(FakePipeline(ready=False), HANG_S, clock), clock, 5.0)
    assert said == []


def test_no_progress_is_not_told_as_progress(said: list[str]) -> None:
    clock = Clock()
    looks(Watchdog(FakePipeline(silent_s=2.0), HANG_S, clock), clock, 1.0)
    assert "WATCHDOG=1" not in said


def test_a_sink_that_is_waited_for_is_no_hang(said: list[str]) -> None:
    clock = Clock()
    looks(Watchdog(FakePipeline(silent_s=60.0, sink_lost=True, writing_s=0.0), HANG_S, clock), clock, 1.0)
    assert said.count("WATCHDOG=1") == 4


@pytest.mark.parametrize(
    ("drawing_s", "writing_s", "what", "error"), [(11.0, 0.1, "engine", EngineError), (0.1, 11.0, "sink", SinkError)]
)
def test_a_hang_is_found_and_named(drawing_s: float, writing_s: float, what: str, error: type[Exception]) -> None:
    clock = Clock()
    pipeline = FakePipeline()
    watchdog = Watchdog(pipeline, HANG_S, clock)
    assert looks(watchdog, clock, 12.0) is None
    pipeline.drawing_s, pipeline.writing_s = drawing_s, writing_s
    clock.now += 0.25
    hang = watchdog.look()
    assert hang is not None
    assert (hang.what, hang.error, hang.seconds) == (what, error, 11.0)


def test_a_suspended_machine_is_no_hang_and_is_counted() -> None:
    """The clocks jump by an hour: every thread's last turn seems an hour ago, until it turns again."""
    clock = Clock()
    pipeline = FakePipeline()
    watchdog = Watchdog(pipeline, HANG_S, clock)
    looks(watchdog, clock, 20.0)
    clock.now += 3600.0
    pipeline.drawing_s = pipeline.writing_s = pipeline.silent_s = 3600.0
    assert watchdog.look() is None
    assert pipeline.counters["suspended"] == 1
    pipeline.drawing_s = pipeline.writing_s = pipeline.silent_s = 0.0
    assert looks(watchdog, clock, 20.0) is None
    assert pipeline.counters["suspended"] == 1


def test_what_still_hangs_after_the_machine_came_back_is_a_hang() -> None:
    clock = Clock()
    pipeline = FakePipeline()
    watchdog = Watchdog(pipeline, HANG_S, clock)
    clock.now += 3600.0
    pipeline.drawing_s = 3600.0
    assert looks(watchdog, clock, HANG_S) is None
    assert looks(watchdog, clock, 1.0) is not None


def test_a_busy_machine_is_not_a_suspended_one() -> None:
    clock = Clock()
    pipeline = FakePipeline()
    watchdog = Watchdog(pipeline, HANG_S, clock)
    clock.now += GAP_S - 0.1
    watchdog.look()
    assert pipeline.counters["suspended"] == 0
