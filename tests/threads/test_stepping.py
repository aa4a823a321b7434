"""Simulated machines: what a picture takes, by what beside it runs, and when the network is left out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest

from avatard.threads.stepping import FALL_PICTURES, FIRST_S, LONGEST_S, OF_LIGHT, SETTLE, Stepping
from avatard.timing import NS_PER_S

MS = 1_000_000


@dataclass
class Run:
    """What happened: changes as (seconds, counter), and the detail and work (ms) of each picture."""

    changes: list[tuple[float, str]] = field(default_factory=list)
    details: list[float] = field(default_factory=list)
    works_ms: list[float] = field(default_factory=list)
    at_s: list[float] = field(default_factory=list)

    def names(self) -> list[str]:
        return [name for _, name in self.changes]


def simulate(
    work_ms: Callable[[float, bool], float],
    seconds: float,
    fps: float = 30.0,
    age_ms: Callable[[float, float], float] | None = None,
) -> Run:
    """work_ms(seconds, whether the network runs); age_ms(seconds, work). A slow picture delays the next one."""
    stepping, run, now = Stepping(fps), Run(), 0.0
    while now < seconds:
        detail = stepping.detail
        work = work_ms(now, detail > 0)
        run.details.append(detail)
        run.works_ms.append(work)
        run.at_s.append(now)
        end_ns = round((now + work / 1e3) * NS_PER_S)
        age = round((age_ms(now, work) if age_ms else work) * MS)
        if change := stepping.drawn(end_ns, round(work * MS), age):
            run.changes.append((now, change))
        now += max(1 / fps, work / 1e3)
    return run


def idle(network: bool) -> float:
    """Two cores with nothing else to do: milliseconds a picture."""
    return 27.0 if network else 13.0


def test_a_machine_that_keeps_up_never_steps_down() -> None:
    random = np.random.default_rng(0)
    run = simulate(lambda t, network: idle(network) + abs(random.normal(0, 1)), 120)
    assert run.changes == []
    assert set(run.details) == {1.0}


def test_spikes_are_no_reason() -> None:
    random = np.random.default_rng(1)
    run = simulate(lambda t, network: 80.0 if random.random() < 0.04 else idle(network), 300)
    assert run.changes == []


def test_the_start_is_no_reason() -> None:
    run = simulate(lambda t, network: 200.0 if t < 2.0 else idle(network), 20)
    assert run.changes == []
    assert run.works_ms.count(200.0) < SETTLE


def test_a_call_beside_it_steps_down_before_a_second_is_over_and_up_after_it() -> None:
    def work(t: float, network: bool) -> float:
        return idle(network) * (1.35 if 20 <= t < 60 else 1.0)

    run = simulate(work, 120)
    assert run.names()[0] == "stepped_down"
    assert 20 < run.changes[0][0] < 20.7
    assert run.names()[-1] == "stepped_up"
    last = run.changes[-1][0]
    assert 60 < last < 60 + LONGEST_S
    assert set(run.details[-300:]) == {1.0}
    # Of the 40 s beside the call, next to none are late.
    late = sum(work > 33 for work, at in zip(run.works_ms, run.at_s, strict=True) if 21 <= at < 60)
    assert late < 40 * 30 * 0.04


def test_detail_falls_softly_and_at_once_when_there_is_no_time_for_that() -> None:
    soft = simulate(lambda t, network: idle(network) + (8 if t > 10 else 0), 12)
    fall = [detail for detail in soft.details if 0 < detail < 1]
    assert fall == pytest.approx([1 - i / FALL_PICTURES for i in range(1, FALL_PICTURES)])
    hard = simulate(lambda t, network: idle(network) * (3 if t > 10 else 1), 12)
    assert hard.names() == ["stepped_down"]
    assert set(hard.details) == {0.0, 1.0}
    assert hard.works_ms.count(81.0) == 3


def test_attempts_under_a_lasting_load_grow_rare() -> None:
    run = simulate(lambda t, network: 45.0 if network else 16.0, 900)
    ups = [at for at, name in run.changes if name == "stepped_up"]
    waits = np.diff([run.changes[0][0], *ups])
    assert waits[0] == pytest.approx(FIRST_S, abs=0.5)
    assert waits[:5] == pytest.approx([FIRST_S * 2**i for i in range(5)], rel=0.25)
    assert waits[5:] == pytest.approx(LONGEST_S, rel=0.1)
    late = [work > 33 for work in run.works_ms[len(run.works_ms) // 2 :]]
    assert np.mean(late) < 0.01, "the attempts cost less than one picture in a hundred"


def test_no_attempt_where_even_mesh_takes_most_of_the_time() -> None:
    run = simulate(lambda t, network: 50.0 if network else 26.0, 300)
    assert run.names() == ["stepped_down"]


def test_a_load_that_comes_and_goes_does_not_make_it_flap() -> None:
    run = simulate(lambda t, network: idle(network) * (1.4 if int(t) % 4 < 2 else 1.0), 240)
    assert len(run.changes) < 20, "a change each 12 seconds at most, over four minutes"
    assert np.mean([work > 33 for work in run.works_ms]) < 0.05


def test_staying_up_ends_the_memory_of_failed_attempts() -> None:
    def work(t: float, network: bool) -> float:
        return idle(network) * (1.6 if t < 40 or 160 <= t < 162 else 1.0)

    run = simulate(work, 200)
    down = [at for at, name in run.changes if name == "stepped_down" and at >= 160]
    up = [at for at, name in run.changes if name == "stepped_up" and at >= 160]
    assert len(down) == len(up) == 1
    assert up[0] - down[0] == pytest.approx(max(FIRST_S, OF_LIGHT / 30), abs=0.5)


def test_frames_that_wait_are_late_too_and_a_slow_camera_is_not() -> None:
    """The capture thread starves although drawing is quick; and a camera that always needs 50 ms."""
    starved = simulate(
        lambda t, network: 24.0 if network else 12.0, 12, age_ms=lambda t, work: 20 + work + (40 if t > 8 else 0)
    )
    assert starved.names()[0] == "stepped_down"
    slow = simulate(lambda t, network: idle(network), 60, age_ms=lambda t, work: 50 + work)
    assert slow.changes == []


def test_pictures_without_a_frame_count_by_their_work() -> None:
    stepping = Stepping(30.0)
    changes = [stepping.drawn(i * 33 * MS, 35 * MS, None) for i in range(100)]
    assert changes.count("stepped_down") == 1


@pytest.mark.parametrize(
    ("fps", "work_ms", "steps"), [(60.0, 18.0, True), (60.0, 13.0, False), (10.0, 34.0, False), (10.0, 60.0, True)]
)
def test_the_budget_is_the_period_but_no_long_delay(fps: float, work_ms: float, steps: bool) -> None:
    run = simulate(lambda t, network: work_ms if network else 5.0, 10, fps=fps)
    assert bool(run.changes) == steps
