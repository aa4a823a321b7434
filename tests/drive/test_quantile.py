import numpy as np
import pytest

from avatard.drive.quantile import Measures, RunningQuantile

DT = 0.04


def running(quantile: float = 0.5, memory_s: float = 60, prior_s: float = 1) -> RunningQuantile:
    columns = (0.0, 1.0, quantile, 0.1, 0.9)
    return RunningQuantile(Measures(*(np.array([c]) for c in columns)), memory_s, prior_s)


def feed(rest: RunningQuantile, values: np.ndarray | list[float]) -> float:
    for value in values:
        rest.observe(np.array([value]), DT)
    return float(rest.value[0])


def test_the_first_value_is_rest_within_what_rest_can_be() -> None:
    assert feed(running(), [0.42]) == pytest.approx(0.42, abs=0.01)
    assert feed(running(), [0.02]) == pytest.approx(0.1)


@pytest.mark.parametrize("quantile", [0.1, 0.5, 0.8])
def test_it_finds_the_quantile(quantile: float) -> None:
    values = np.random.default_rng(0).uniform(0.2, 0.8, 1500)
    assert feed(running(quantile), values) == pytest.approx(0.2 + 0.6 * quantile, abs=0.03)


def test_an_expression_held_for_a_while_does_not_become_rest() -> None:
    rest = running()
    before = feed(rest, [0.3] * 25 * 60)
    assert feed(rest, [0.7] * 25 * 25) == pytest.approx(before, abs=0.02)


def test_a_new_rest_is_learnt_in_time() -> None:
    rest = running(memory_s=10)
    feed(rest, [0.3] * 25 * 20)
    assert feed(rest, [0.7] * 25 * 60) == pytest.approx(0.7, abs=0.06)


def test_a_wrong_first_guess_is_left_in_seconds() -> None:
    rest = running()
    feed(rest, [0.8] * 25 * 2)
    assert feed(rest, [0.3] * 25 * 15) == pytest.approx(0.3, abs=0.06)


def test_it_never_steps() -> None:
    rest, values = running(), []
    for i in range(1500):
        rest.observe(np.array([0.3 if i < 300 else 0.8]), DT)
        values.append(rest.value[0])
    assert np.abs(np.diff(values)).max() < 0.03


def test_hours_do_not_overflow() -> None:
    rest = running(memory_s=0.5)
    assert feed(rest, [0.5] * 2000) == pytest.approx(0.5, abs=0.01)


def test_reset_forgets() -> None:
    rest = running()
    feed(rest, [0.3] * 500)
    rest.reset()
    assert feed(rest, [0.8]) == pytest.approx(0.8, abs=0.01)
