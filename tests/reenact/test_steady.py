from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from avatard.reenact.correction import PLANES
from avatard.reenact.steady import COLOUR, MOVE, Steady

Floats = npt.NDArray[np.float32]


def said(move: float = 0.0, colour: float = 0.0) -> Floats:
    correction = np.zeros((PLANES, 6, 8), np.float32)
    correction[:2], correction[2:] = move, colour
    return correction


def test_the_first_correction_is_taken_as_it_is() -> None:
    assert np.array_equal(Steady().hold(said(0.1, 0.01)), said(0.1, 0.01))


def test_a_large_change_comes_at_once() -> None:
    steady = Steady()
    steady.hold(said())
    wanted = said(1.01 * MOVE, 1.01 * COLOUR)
    assert steady.hold(wanted) == pytest.approx(wanted)


def test_a_small_change_comes_in_slowly_and_wholly() -> None:
    steady = Steady()
    steady.hold(said())
    wanted = said(0.1 * MOVE, 0.1 * COLOUR)
    assert steady.hold(wanted) == pytest.approx(0.1 * wanted)
    for _ in range(400):
        held = steady.hold(wanted)
    assert held == pytest.approx(wanted, rel=0.25)


def test_what_trembles_trembles_less() -> None:
    random, steady = np.random.default_rng(2), Steady()
    told = [said() + random.normal(0, 0.1, said().shape).astype(np.float32) * said(MOVE, COLOUR) for _ in range(60)]
    held = np.array([steady.hold(one).copy() for one in told])[20:]
    assert np.abs(np.diff(held, axis=0)).mean() < 0.25 * np.abs(np.diff(told[20:], axis=0)).mean()


def test_one_part_of_a_patch_does_not_hold_back_another() -> None:
    steady = Steady()
    steady.hold(said())
    wanted = said(0.1 * MOVE)
    wanted[0, :, 4:] = 3
    held = steady.hold(wanted)
    assert held[0, :, 4:] == pytest.approx(wanted[0, :, 4:])
    assert held[0, :, :4] == pytest.approx(0.1 * wanted[0, :, :4])


def test_what_is_forgotten_is_not_mixed_in() -> None:
    steady = Steady()
    steady.hold(said(2, 0.5))
    steady.forget()
    assert np.array_equal(steady.hold(said(1.9, 0.49)), said(1.9, 0.49))
