import numpy as np
import pytest

from avatard.drive.idle import Idle
from avatard.motion import UNIT

SECOND = 1_000_000_000


def film(idle: Idle, seconds: float = 120, fps: int = 60) -> np.ndarray:
    """Rotation, translation, units for each frame."""
    return np.array([np.concatenate(idle.at(int(i * SECOND / fps))) for i in range(int(seconds * fps))])


def blinks(shown: np.ndarray) -> np.ndarray:
    lid = shown[:, 6 + UNIT["eyeBlinkLeft"]]
    return np.flatnonzero((lid[1:-1] >= 0.99) & (lid[:-2] < 0.99))


def test_it_depends_on_seed_and_time_alone() -> None:
    instants = np.random.default_rng(0).integers(0, 10**13, 50)
    a, b = Idle(3), Idle(3)
    forth = [np.concatenate(a.at(int(t))) for t in instants]
    back = [np.concatenate(b.at(int(t))) for t in instants[::-1]][::-1]
    assert np.array_equal(forth, back)
    assert not np.array_equal(film(Idle(4), 5), film(Idle(3), 5))


def test_it_never_jumps() -> None:
    shown = film(Idle(1))
    step = np.abs(np.diff(shown, axis=0))
    assert step[:, :3].max() < np.radians(0.15)
    assert step[:, 3:6].max() < 0.002
    assert step[:, 6:].max() < 0.45  # a lid closes in 70 ms


def test_head_movement_has_no_kink() -> None:
    speed = np.diff(film(Idle(1))[:, :6], axis=0)
    assert np.abs(np.diff(speed, axis=0)).max() < 2e-4


def test_it_is_small() -> None:
    shown = np.abs(film(Idle(2), 600, 10)).max(0)
    assert (shown[:3] < np.radians(4)).all()
    assert (shown[3:6] < 0.06).all()
    assert (shown[:2] > np.radians(0.5)).all()  # but there


@pytest.mark.parametrize("seed", [0, 1, 7])
def test_it_blinks_like_a_person(seed: int) -> None:
    shown = film(Idle(seed), 180)
    at = blinks(shown)
    assert 10 <= len(at) / 3 <= 25  # a minute
    apart = np.diff(at) / 60
    assert apart.std() > 0.5  # not a clock
    lids = shown[:, 6 + UNIT["eyeBlinkLeft"]]
    assert lids.min() == 0
    assert lids.max() == pytest.approx(1)
    assert (lids > 0.5).mean() < 0.08


def test_both_eyes_look_together_and_mostly_at_the_viewer() -> None:
    shown = film(Idle(0))
    gaze = shown[:, [6 + UNIT[f"gaze{side}{axis}"] for side in ("Left", "Right") for axis in "XY"]]
    assert np.array_equal(gaze[:, :2], gaze[:, 2:])
    assert np.abs(gaze).max() < 0.3
    assert (np.abs(gaze).max(1) < 1e-6).mean() > 0.3
    assert (np.abs(gaze).max(1) > 0.03).mean() > 0.2
